#include "support/number_formats.hpp"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <chrono>
#include <cmath>

#include "support/units.hpp"

namespace troupe {

std::string grouped(std::uint64_t value) {
  auto text = std::to_string(value);
  for (auto at = static_cast<std::ptrdiff_t>(text.size()) - 3; at > 0; at -= 3) {
    text.insert(static_cast<std::size_t>(at), 1, ',');
  }
  return text;
}

std::string figure(double value) {
  if (!std::isfinite(value)) return "unknown";
  if (value < 0) return "-" + figure(-value);
  if (value >= 99.95) {
    const double unit = std::pow(10, std::max(0.0, std::floor(std::log10(value)) - 2));
    return grouped(static_cast<std::uint64_t>(std::round(value / unit) * unit));
  }
  if (value == std::round(value)) return fmt::format("{:.0f}", value);
  return fmt::format("{:.{}f}", value, value >= 9.995 ? 1 : value >= 0.9995 ? 2 : 3);
}

std::string percent(double share) {
  if (!std::isfinite(share)) return "unknown";
  const double value = 100 * share;
  return fmt::format("{:.{}f} %", value, value == 0 || std::abs(value) >= 9.95 ? 0 : 1);
}

std::string duration_us(double us) {
  return std::isfinite(us) ? describe_duration(std::chrono::duration<double, std::micro>(us)) : "unknown";
}

std::string counted(std::uint64_t count, const std::string& noun) {
  return grouped(count) + " " + noun + (count == 1 ? "" : "s");
}

}  // namespace troupe
