#pragma once

#include <string>
#include <string_view>

// RFC 4648 section 4.

namespace troupe::schema {

/// Appends the bytes as base64, with padding.
void append_base64(std::string_view bytes, std::string& out);

/// Appends the bytes that a base64 text stands for; its padding may be left out. False: it is none, and
/// something may have been appended.
bool decode_base64(std::string_view text, std::string& out);

}  // namespace troupe::schema
