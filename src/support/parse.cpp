#include "support/parse.hpp"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cmath>
#include <limits>
#include <utility>

#include "support/units.hpp"

namespace troupe {
namespace {

constexpr std::array<std::pair<std::string_view, double>, 5> duration_units_s{
    {{"us", 1e-6}, {"ms", 1e-3}, {"s", 1}, {"m", 60}, {"h", 3600}}};
constexpr double longest_s = 10'000 * 3600.0;
// Counts and sizes fit a signed 64-bit number, so that sums stay far from overflow.
constexpr std::uint64_t largest = std::numeric_limits<std::int64_t>::max();

}  // namespace

std::string_view trim(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

Result<std::uint64_t> parse_count(std::string_view text) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size() || number > largest) {
    return invalid(fmt::format("not a whole number: '{}'", text));
  }
  return number;
}

Result<double> parse_number(std::string_view text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || !std::isfinite(value)) {
    return invalid(fmt::format("'{}' is not a number", text));
  }
  return value;
}

Result<double> parse_share(std::string_view text) {
  const bool percent = text.ends_with('%');
  auto share = parse_number(trim(percent ? text.substr(0, text.size() - 1) : text));
  if (!share) return invalid(fmt::format("'{}' is neither a share nor a percentage", text));
  if (*share < 0) return invalid(fmt::format("'{}' is negative", text));
  if (percent) *share /= 100;
  return share;
}

Result<Duration> parse_duration(std::string_view text) {
  const auto fault = [&](std::string_view why) {
    return invalid(fmt::format(
        "'{}' is not a duration: {} (write 500ms, 1.5s, 5m, 1h30m; units: us, ms, s, m, h)", text, why));
  };
  if (text == "0") return Duration{};
  double sum_s = 0;
  auto rest = text;
  do {
    const auto digits = std::min(rest.find_first_not_of("0123456789."), rest.size());
    const auto number = parse_number(rest.substr(0, digits));
    if (!number) return fault("no number before the unit");
    rest.remove_prefix(digits);
    const auto name = rest.substr(0, rest.find_first_of("0123456789."));
    if (name.empty()) return fault("the unit is missing");
    const auto unit =
        std::ranges::find(duration_units_s, name, [](const auto& known) { return known.first; });
    if (unit == duration_units_s.end()) return fault("unknown unit");
    rest.remove_prefix(name.size());
    sum_s += *number * unit->second;
    if (sum_s > longest_s) return fault("it is longer than 10000h");
  } while (!rest.empty());
  return from_seconds(sum_s);
}

Result<std::uint64_t> parse_size(std::string_view text) {
  const auto wrong = [&] { return invalid(fmt::format("not a size like 512, 16KiB or 1MiB: '{}'", text)); };
  const auto digits = std::min(text.find_first_not_of("0123456789"), text.size());
  const auto number = parse_count(text.substr(0, digits));
  if (!number) return wrong();
  const auto name = digits == text.size() ? "B" : text.substr(digits);
  for (const auto& unit : size_units) {
    if (unit.name == name)
      return *number > largest / unit.factor ? wrong() : Result<std::uint64_t>(*number * unit.factor);
  }
  return wrong();
}

}  // namespace troupe
