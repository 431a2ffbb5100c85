#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace re2 {
class RE2;
}

namespace troupe::sim {

/// A value that a task takes out of its answer, for later requests of the same user.
struct Extraction {
  enum class From : std::uint8_t {
    json,     ///< at a JSON Pointer (RFC 6901)
    header,   ///< the first field of a name
    pattern,  ///< the first group of a regular expression in the body, or all that matches
    body,     ///< all of it
  };
  std::uint16_t variable = 0;  ///< its position in Scenario::variables
  From from = From::body;
  std::string what;                              ///< the pointer, the name or the expression
  std::shared_ptr<const re2::RE2> pattern = {};  ///< of From::pattern
};

/// A field of the answer's head must hold a text.
struct FieldCheck {
  std::string name;
  std::string part;  ///< empty: the field must be there
};

/// A value of a JSON answer must be this one.
struct ValueCheck {
  std::string pointer;
  std::string value;  ///< as JSON
};

/// What makes an answer a good one.
struct Checks {
  std::vector<int> status;    ///< empty: any 2xx
  std::string body_contains;  ///< empty: not looked at
  std::vector<FieldCheck> fields;
  std::vector<ValueCheck> values;

  bool status_ok(int code) const;
};

}  // namespace troupe::sim
