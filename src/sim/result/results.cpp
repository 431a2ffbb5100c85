#include "sim/result/results.hpp"

#include <cmath>

namespace troupe::sim {

LatencySummary summarize(const Histogram& histogram) {
  LatencySummary out;
  out.count = histogram.count();
  out.mean = histogram.mean();
  out.min = histogram.min();
  out.max = histogram.max();
  out.p50 = histogram.percentile(50);
  out.p66 = histogram.percentile(66);
  out.p75 = histogram.percentile(75);
  out.p80 = histogram.percentile(80);
  out.p90 = histogram.percentile(90);
  out.p95 = histogram.percentile(95);
  out.p98 = histogram.percentile(98);
  out.p99 = histogram.percentile(99);
  out.p99_9 = histogram.percentile(99.9);
  out.p99_99 = histogram.percentile(99.99);
  return out;
}

LatencyStats latency_stats(const Histogram& histogram) {
  return {summarize(histogram), histogram.sparse()};
}

double per_second(std::uint64_t count, Seconds time) {
  return time.count() > 0 ? static_cast<double>(count) / time.count() : 0;
}

LatencySummary TaskStats::all_responses() const {
  auto all = Histogram::from(good.response.histogram).value();
  all.merge(bad.response.histogram).value();
  return summarize(all);
}

LittlesLaw::Says LittlesLaw::says() const {
  constexpr double tolerated = 0.05;
  constexpr double errors = 3;
  if (std::abs(deviation) <= tolerated) return Says::holds;
  if (standard_error <= 0) return Says::too_few_looks;
  return std::abs(deviation) > errors * standard_error ? Says::broken : Says::within_chance;
}

LittlesLaw littles_law(double busy, double rate_per_s, MeanMicros mean_service, double standard_error) {
  const double expected = rate_per_s * Seconds(mean_service).count();
  return {busy, rate_per_s, mean_service, expected, busy == 0 ? 0 : (expected - busy) / busy, standard_error};
}

}  // namespace troupe::sim
