#include "support/units.hpp"

#include <spdlog/fmt/fmt.h>

#include <array>
#include <charconv>
#include <cmath>
#include <span>

namespace troupe {
namespace {

/// Largest first: the first that divides the value is taken.
constexpr std::array duration_units_ms{Unit{"h", 3'600'000}, Unit{"m", 60'000}, Unit{"s", 1'000},
                                       Unit{"ms", 1}};

std::string format(std::uint64_t value, std::span<const Unit> units) {
  for (const auto& unit : units) {
    if (value % unit.factor == 0 && (value != 0 || unit.factor == 1)) {
      return std::to_string(value / unit.factor).append(unit.name);
    }
  }
  return std::to_string(value);
}

}  // namespace

std::string format_duration(std::chrono::milliseconds duration) {
  return format(static_cast<std::uint64_t>(duration.count()), duration_units_ms);
}

std::string format_size(std::uint64_t bytes) {
  return format(bytes, size_units);
}

std::string shortest_number(double value) {
  std::array<char, 400> text;  // the longest double has 309 digits before its point
  const auto end = std::to_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed).ptr;
  return {text.data(), end};
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

}  // namespace troupe
