#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "support/result.hpp"

namespace troupe {

/// A whole number without sign, as in "4096". Nothing but digits is taken.
Result<std::uint64_t> parse_count(std::string_view text);

/// A duration as people write it: "250ms", "10s", "1m", "1h", or parts put together as in "1h30m". A unit is
/// always needed, but for "0".
Result<std::chrono::milliseconds> parse_duration(std::string_view text);

/// A number of bytes: "16KiB", "1MiB", "2GiB", "512B" or plain "512".
Result<std::uint64_t> parse_size(std::string_view text);

/// The shortest text that `parse_duration` reads back as the same duration: 90'000 ms is "90s", 60'000 ms is
/// "1m".
std::string format_duration(std::chrono::milliseconds duration);

/// The shortest text that `parse_size` reads back as the same size: 16'384 is "16KiB", 1'000 is "1000B".
std::string format_size(std::uint64_t bytes);

}  // namespace troupe
