#pragma once

#include <string>
#include <string_view>

namespace troupe {

/// What a stranger sent, fit for files and terminals: the characters of valid UTF-8 (RFC 3629); what is none,
/// and controls (C0 but tab and line feed, DEL, C1), are question marks. Carriage returns are left out.
std::string clean_text(std::string_view text);

/// The same in one line, for logs: line feeds and tabs are \n and \t.
std::string clean_line(std::string_view text);

}  // namespace troupe
