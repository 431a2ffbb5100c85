#pragma once

#include <string>
#include <string_view>

// Texts of others as pieces of a TOML file: whatever is in them, they stay where they are put. UTF-8 in and
// out; a text that is none makes a file that is none. Pure.

namespace troupe {

/// A string of TOML in its quotes, on one line.
std::string toml_text(std::string_view text);

/// A key of TOML: bare where that is possible.
std::string toml_key(std::string_view name);

/// A text behind a #: on one line.
std::string toml_comment(std::string_view text);

}  // namespace troupe
