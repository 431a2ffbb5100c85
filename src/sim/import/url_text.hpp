#pragma once

#include <string>
#include <string_view>

// RFC 3986: what documents of others write as URLs, which need not be any. Pure.

namespace troupe::sim {

/// The text with everything percent-encoded that no URL may hold; what is percent-encoded stays.
std::string as_url(std::string_view text);

/// A part of a path: `as_url`, and ? and # are encoded, too.
std::string as_path(std::string_view text);

/// What a text stands for inside one segment of a path, or one value of a query.
std::string encode_segment(std::string_view text);

/// The text without percent-encoding; with `plus_is_blank` as in queries and forms. What is no
/// percent-encoding stays.
std::string percent_decoded(std::string_view text, bool plus_is_blank = false);

}  // namespace troupe::sim
