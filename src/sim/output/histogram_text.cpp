#include "sim/output/histogram_text.hpp"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

#include "support/units.hpp"

namespace troupe::sim {
namespace {

constexpr std::size_t steps = 10;
constexpr double widest_bar = 40;

std::string bar_of(std::uint64_t count, std::uint64_t most) {
  std::string bar;
  const auto length = std::lround(widest_bar * static_cast<double>(count) / static_cast<double>(most));
  for (long i = 0; i < length; ++i) bar += "■";
  return bar;
}

}  // namespace

std::string histogram_text(const SparseHistogram& sparse) {
  const auto histogram = Histogram::from(sparse);
  if (!histogram || histogram->count() == 0) return {};
  const auto first = static_cast<double>(histogram->min().count());
  const auto width = (static_cast<double>(histogram->percentile(99).count()) - first) / steps;
  std::array<double, steps + 1> ends{};  // of the steps; behind them lies the rest
  std::array<std::uint64_t, steps + 1> counts{};
  for (std::size_t i = 0; i < steps; ++i) ends[i] = first + width * static_cast<double>(i + 1);
  ends[steps] = static_cast<double>(histogram->max().count());
  for (const auto& [index, count] : sparse.entries) {
    const auto value = static_cast<double>(Histogram::lowest_at(index));
    const auto step = width > 0 ? std::ceil((value - first) / width) - 1 : 0;
    counts[static_cast<std::size_t>(std::clamp(step, 0.0, static_cast<double>(steps)))] += count;
  }
  const auto most = *std::ranges::max_element(counts);
  const auto digits = fmt::formatted_size("{}", most);
  std::string out;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    if (i == steps && counts[i] == 0) break;
    const auto end = describe_duration(std::chrono::duration<double, std::micro>(ends[i]));
    out += fmt::format("  {:>8} [{:>{}}] {}\n", end, counts[i], digits, bar_of(counts[i], most));
    if (width <= 0) break;
  }
  return out;
}

}  // namespace troupe::sim
