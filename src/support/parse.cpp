#include "support/parse.hpp"

#include <array>
#include <charconv>
#include <limits>
#include <optional>
#include <span>

namespace troupe {
namespace {

struct Unit {
  std::string_view name;
  std::uint64_t factor;
};

// Largest first: formatting takes the first that divides the value.
constexpr std::array kDurationUnits{Unit{"h", 3'600'000}, Unit{"m", 60'000}, Unit{"s", 1'000}, Unit{"ms", 1}};
constexpr std::array kSizeUnits{Unit{"GiB", 1u << 30}, Unit{"MiB", 1u << 20}, Unit{"KiB", 1u << 10},
                                Unit{"B", 1}};
// Sums and products stay far from overflow, and every value fits a signed 64-bit count of milliseconds.
constexpr std::uint64_t kLargest = std::numeric_limits<std::int64_t>::max();

Error bad(std::string message) {
  return Error{ErrorCode::invalid_argument, std::move(message)};
}

/// Takes "<digits><letters>" off the front of `text` and returns its value; nothing when it is not of that
/// form or too large.
std::optional<std::uint64_t> take_part(std::string_view& text, std::span<const Unit> units) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{}) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  const auto name = text.substr(0, text.find_first_of("0123456789"));
  for (const auto& unit : units) {
    if (unit.name != name) continue;
    if (number > kLargest / unit.factor) return std::nullopt;
    text.remove_prefix(name.size());
    return number * unit.factor;
  }
  return std::nullopt;
}

std::string format(std::uint64_t value, std::span<const Unit> units) {
  for (const auto& unit : units) {
    if (value % unit.factor == 0 && (value != 0 || unit.factor == 1)) {
      return std::to_string(value / unit.factor).append(unit.name);
    }
  }
  return std::to_string(value);
}

}  // namespace

Result<std::uint64_t> parse_count(std::string_view text) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size() || number > kLargest) {
    return bad("not a whole number: '" + std::string(text) + "'");
  }
  return number;
}

Result<std::chrono::milliseconds> parse_duration(std::string_view text) {
  auto rest = text == "0" ? "0ms" : text;
  std::uint64_t sum = 0;
  do {
    const auto part = take_part(rest, kDurationUnits);
    if (!part || *part > kLargest - sum)
      return bad("not a duration like 250ms, 10s, 1m or 1h30m: '" + std::string(text) + "'");
    sum += *part;
  } while (!rest.empty());
  return std::chrono::milliseconds(sum);
}

Result<std::uint64_t> parse_size(std::string_view text) {
  if (const auto plain = parse_count(text)) return *plain;
  auto rest = text;
  const auto size = take_part(rest, kSizeUnits);
  if (!size || !rest.empty()) return bad("not a size like 512, 16KiB or 1MiB: '" + std::string(text) + "'");
  return *size;
}

std::string format_duration(std::chrono::milliseconds duration) {
  return format(static_cast<std::uint64_t>(duration.count()), kDurationUnits);
}

std::string format_size(std::uint64_t bytes) {
  return format(bytes, kSizeUnits);
}

}  // namespace troupe
