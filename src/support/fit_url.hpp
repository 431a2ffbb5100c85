#pragma once

#include <string>
#include <string_view>

// RFC 3986: what others write as URLs, which need not be any. Pure.

namespace troupe {

/// The text with everything percent-encoded that no URL may hold; what is percent-encoded stays.
std::string as_url(std::string_view text);

/// A part of a path: `as_url`, and brackets, ? and # are encoded, too.
std::string as_path(std::string_view text);

/// The text with only the bytes percent-encoded that are not ASCII.
std::string as_ascii(std::string_view text);

}  // namespace troupe
