#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

// Durations and sizes as texts: for people, and so that support/parse reads them back.

namespace troupe {

/// A unit's name and how many of the smallest unit it holds.
struct Unit {
  std::string_view name;
  std::uint64_t factor;
};
/// Largest first.
inline constexpr std::array size_units{Unit{"GiB", 1u << 30}, Unit{"MiB", 1u << 20}, Unit{"KiB", 1u << 10},
                                       Unit{"B", 1}};

/// The shortest text in one unit that `parse_duration` reads back as the same duration: 90'000 ms is "90s",
/// 60'000 ms is "1m".
std::string format_duration(std::chrono::milliseconds duration);

/// The shortest text that `parse_size` reads back as the same size: 16'384 is "16KiB", 1'000 is "1000B".
std::string format_size(std::uint64_t bytes);

/// The shortest plain decimal number that `parse_number` reads back as the same: "0.5", "1000".
std::string shortest_number(double value);

/// For people: three significant digits and a fitting unit ("0", "812 µs", "1.23 ms", "12.3 s").
std::string describe_duration(std::chrono::duration<double, std::micro> value);

}  // namespace troupe
