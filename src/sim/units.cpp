#include "sim/units.hpp"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <utility>

namespace troupe::sim {
namespace {

/// Seconds per unit.
constexpr std::array<std::pair<std::string_view, double>, 5> units{
    {// Seconds per unit; "ms" before "s" and "m", so that the longest ending is found first.
     {"us", 1e-6},
     {"ms", 1e-3},
     {"s", 1},
     {"m", 60},
     {"h", 3600}}};
constexpr double longest_s = 10'000 * 3600.0;

}  // namespace

std::string_view trim(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

Result<double> parse_number(std::string_view text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || !std::isfinite(value)) {
    return Error{ErrorCode::invalid_argument, fmt::format("'{}' is not a number", text)};
  }
  return value;
}

Result<Duration> parse_duration(std::string_view text) {
  const auto fault = [&](std::string_view why) {
    return Error{
        ErrorCode::invalid_argument,
        fmt::format("'{}' is not a duration: {} (write 500ms, 30s, 5m, 1h30m; units: us, ms, s, m, h)", text,
                    why)};
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
        std::find_if(units.begin(), units.end(), [&](const auto& known) { return known.first == name; });
    if (unit == units.end()) return fault("unknown unit");
    rest.remove_prefix(name.size());
    sum_s += *number * unit->second;
    if (sum_s > longest_s) return fault("it is longer than 10000h");
  } while (!rest.empty());
  return std::chrono::round<Duration>(std::chrono::duration<double>(sum_s));
}

std::string describe_duration(std::chrono::duration<double, std::micro> value) {
  const double us = value.count();
  if (us == 0) return "0";
  // 3 significant digits, without an exponent.
  const auto text = [](double number, std::string_view unit) {
    const int decimals = number >= 99.95 ? 0 : number >= 9.995 ? 1 : 2;
    return fmt::format("{:.{}f} {}", number, decimals, unit);
  };
  if (us < 999.5) return us == std::floor(us) ? fmt::format("{} µs", static_cast<int>(us)) : text(us, "µs");
  if (us < 999'500) return text(us / 1e3, "ms");
  return text(us / 1e6, "s");
}

}  // namespace troupe::sim
