#pragma once

#include <cstdint>
#include <string>

// Figures as an engineer reads them, in tables and in sentences. Pure.

namespace troupe {

/// Three significant digits with thousands separators: "41,200", "12.3", "0.512"; "unknown" for NaN.
std::string figure(double value);
/// A whole number with thousands separators: "1,000".
std::string grouped(std::uint64_t value);
/// "98 %", "0.4 %"; of a share.
std::string percent(double share);
/// "3.12 ms"; of microseconds.
std::string duration_us(double us);
/// "1 repeat", "3 repeats".
std::string counted(std::uint64_t count, const std::string& noun);

}  // namespace troupe
