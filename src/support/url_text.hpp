#pragma once

#include <string>
#include <string_view>

// Percent-encoding (RFC 3986 section 2.1) in what documents of others write as URLs. Pure.

namespace troupe {

/// What a text stands for inside one segment of a path, or one value of a query.
std::string encode_segment(std::string_view text);

/// The text without percent-encoding; with `plus_is_blank` as in queries and forms. What is no
/// percent-encoding stays.
std::string percent_decoded(std::string_view text, bool plus_is_blank = false);

}  // namespace troupe
