#pragma once

#include <cstdint>
#include <string_view>

#include "support/result.hpp"
#include "support/time.hpp"

// Texts that people write, read strictly. Every Error is one line that quotes the text.

namespace troupe {

/// A whole number without sign, as in "4096". Nothing but digits is taken.
Result<std::uint64_t> parse_count(std::string_view text);

/// A plain decimal number, all of `text`; finite.
Result<double> parse_number(std::string_view text);

/// A share, as "0.05" or "5%"; not negative, and nothing but that bounds it.
Result<double> parse_share(std::string_view text);

/// A duration as people write it: "250ms", "80us", "1.5s", "1m", or parts put together as in "1h30m". A unit
/// (us, ms, s, m, h) is always needed, but for "0". At most 10,000 h. The one grammar of flags, settings and
/// files.
Result<Duration> parse_duration(std::string_view text);

/// A number of bytes: "16KiB", "1MiB", "2GiB", "512B" or plain "512".
Result<std::uint64_t> parse_size(std::string_view text);

/// Without leading and trailing blanks and line ends.
std::string_view trim(std::string_view text);

}  // namespace troupe
