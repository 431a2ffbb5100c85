#pragma once

#include <optional>
#include <string>
#include <string_view>

// RFC 4648 sections 4 and 5.

namespace troupe::schema {

/// Appends the bytes as base64, with padding.
void append_base64(std::string_view bytes, std::string& out);

/// Appends the bytes that a base64 text stands for; its padding may be left out. False: it is none, and
/// something may have been appended.
bool decode_base64(std::string_view text, std::string& out);

/// The bytes as base64url, without padding.
std::string base64url_of(std::string_view bytes);

/// The bytes that a base64url text without padding stands for; nothing: it is none, or not the only one for
/// its bytes (section 3.5).
std::optional<std::string> decode_base64url(std::string_view text);

}  // namespace troupe::schema
