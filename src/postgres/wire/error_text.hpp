#pragma once

#include <string>
#include <string_view>

namespace troupe::postgres {

/// libpq's messages end with newlines and can have several lines: joined to one, an indented
/// line behind a colon, without trailing period.
std::string one_line(std::string_view text);

}  // namespace troupe::postgres
