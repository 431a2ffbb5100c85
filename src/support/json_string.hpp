#pragma once

#include <string>
#include <string_view>

namespace troupe {

/// Appends `text` as a JSON string with its quotes: only what RFC 8259 section 7 demands is escaped, other
/// UTF-8 passes as it is. `text` must be valid UTF-8 for the output to be.
void append_json_string(std::string_view text, std::string& out);

}  // namespace troupe
