#pragma once

#include <string>
#include <string_view>

namespace troupe::http {

/// The page where a person gives a key or a token, which the browser then sends by itself, or has it
/// forgotten. `who`: whose is sent now; empty: none, or one that is not known. `fault`: why what was given is
/// not taken; may be empty.
std::string login_page(std::string_view who, std::string_view fault);

}  // namespace troupe::http
