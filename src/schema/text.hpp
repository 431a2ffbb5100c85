#pragma once

#include <cstddef>
#include <string_view>

namespace troupe::schema {

/// What validation needs to know of a text from outside.
struct TextFacts {
  bool valid_utf8 = true;      ///< RFC 3629: no overlong form, no surrogate, nothing beyond U+10FFFF
  bool has_nul = false;        ///< contains U+0000, which PostgreSQL's text cannot hold
  std::size_t characters = 0;  ///< code points; without meaning when the text is not valid
};

/// Looks at the whole text once. Pure.
TextFacts inspect_text(std::string_view text);

}  // namespace troupe::schema
