#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "support/result.hpp"
#include "support/time.hpp"

namespace troupe::sim {

/// A duration as the settings read it ("500ms", "30s", "1h30m", "0"), and beyond that with decimals and
/// microseconds ("1.5s", "80us"), which latency limits need. At most 10,000 h.
Result<Duration> parse_duration(std::string_view text);

/// For people: three significant digits and a fitting unit ("0", "812 µs", "1.23 ms", "12.3 s").
std::string describe_duration(std::chrono::duration<double, std::micro> value);

/// A plain decimal number, all of `text`.
Result<double> parse_number(std::string_view text);

/// Without leading and trailing blanks.
std::string_view trim(std::string_view text);

}  // namespace troupe::sim
