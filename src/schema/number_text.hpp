#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace troupe::schema {

/// Appends a finite number in the shortest form that reads back as the same double, laid out as Python's repr
/// does ("2.0", "1e-05", "1e+16"): always a JSON number, and one that every reader takes for a float.
void append_number(double value, std::string& out);
/// The same of a float: the shortest form that reads back as the same float.
void append_number(float value, std::string& out);

/// The double nearest to a decimal number, as written by anybody: infinite or zero when it lies beyond a
/// double's range. nullopt when `text` is not wholly a number. "inf" and "nan" are read, too: ask
/// std::isfinite.
std::optional<double> read_number(std::string_view text);

}  // namespace troupe::schema
