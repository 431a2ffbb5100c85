#pragma once

#include <string>
#include <string_view>

namespace troupe::schema {

/// One value of a body, as its reader hands it over; views live until the reader goes on.
struct Scalar {
  enum class Kind { null, boolean, number, text, bytes, list, object, foreign };
  Kind kind = Kind::null;
  /// Of a boolean: it; of a list or object: it holds what JSON cannot (NaN, an infinity, an extension type).
  bool flag = false;
  /// Of a text: it; of a number: its digits as JSON writes them, or "nan", "inf", "-inf"; of bytes
  /// (MessagePack's bin): they; of a list or object: it, as JSON. A foreign value (MessagePack's extension
  /// types) fits no column.
  std::string_view text{};
};

/// Why a value does not fit its column, in pydantic's terms: the message is "<column> <rule>".
struct ValueFault {
  std::string type;  ///< "string_type", "less_than_equal"
  std::string rule;  ///< "must be a string"
};

}  // namespace troupe::schema
