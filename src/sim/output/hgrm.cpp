#include "sim/output/hgrm.hpp"

#include <spdlog/fmt/fmt.h>

#include <cmath>

namespace troupe::sim {
namespace {

constexpr int ticks_per_half_distance = 5;

double in_ms(std::chrono::duration<double, std::milli> value) {
  return value.count();
}

/// The next percentile level to print: equal steps within each halving of the distance to 100 %.
double level_after(double level) {
  const auto halvings = static_cast<int>(std::log2(100.0 / (100.0 - level))) + 1;
  return level + 100.0 / std::ldexp(ticks_per_half_distance, halvings);
}

}  // namespace

std::string write_hgrm(const Histogram& histogram) {
  std::string out;
  out +=
      fmt::format("{:>12} {:>14} {:>10} {:>14}\n\n", "Value", "Percentile", "TotalCount", "1/(1-Percentile)");
  std::uint64_t seen = 0;
  for (double level = 0; seen < histogram.count(); level = level_after(level)) {
    const auto value = histogram.percentile(level);
    seen = histogram.count_at_or_below(value);
    out += fmt::format("{:12.3f} {:2.12f} {:10} {:14.2f}\n", in_ms(value), level / 100, seen,
                       100 / (100 - level));
  }
  if (histogram.count() > 0) {
    out += fmt::format("{:12.3f} {:2.12f} {:10}\n", in_ms(histogram.percentile(100)), 1.0, seen);
  }
  out += fmt::format("#[Mean    = {:12.3f}, StdDeviation   = {:12.3f}]\n", in_ms(histogram.mean()),
                     in_ms(histogram.standard_deviation()));
  out += fmt::format("#[Max     = {:12.3f}, Total count    = {:12}]\n", in_ms(histogram.max()),
                     histogram.count());
  out += fmt::format("#[Buckets = {:12}, SubBuckets     = {:12}]\n", Histogram::bucket_count,
                     Histogram::sub_bucket_count);
  return out;
}

}  // namespace troupe::sim
