#pragma once

#include <cstddef>
#include <string>
#include <string_view>

// Texts as a terminal shows them. Pure; UTF-8 in and out, a character counts as one column.

namespace troupe {

/// How many characters `utf8` holds.
std::size_t text_width(std::string_view utf8);

/// `utf8` on one line: control characters as "\n", "\t" or "\x1b", so that no text of a user can break a
/// table or drive a terminal.
std::string one_line(std::string_view utf8);

/// `utf8` cut to `columns` characters at most, the last one "…" where something was cut.
std::string cut_to_width(std::string_view utf8, std::size_t columns);

}  // namespace troupe
