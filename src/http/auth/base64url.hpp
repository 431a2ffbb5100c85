#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace troupe::http {

/// The bytes that a base64url text stands for (RFC 4648 section 5), without padding, as RFC 7515 section 2
/// wants it. nullopt: it is none, or not the only text for these bytes.
std::optional<std::string> decode_base64url(std::string_view text);

/// Without padding.
std::string base64url_of(std::string_view bytes);

}  // namespace troupe::http
