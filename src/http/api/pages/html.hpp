#pragma once

#include <string>
#include <string_view>

namespace troupe::http {

/// Appends a text so that HTML shows just it, between tags as well as in a quoted attribute. Bytes that are
/// no UTF-8 stay what they are. Pure; from any thread.
void append_html(std::string_view text, std::string& out);

/// The same as a string of its own.
std::string html_of(std::string_view text);

/// As much of the text's front as so many bytes hold, without cutting a character of UTF-8 in two.
std::string_view front_of(std::string_view text, std::size_t bytes);

}  // namespace troupe::http
