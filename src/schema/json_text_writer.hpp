#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "schema/scalar.hpp"

namespace troupe::schema {

/// Writes the events of a nested value as JSON text again, at the end of a string.
class JsonTextWriter {
 public:
  /// What MessagePack's bin becomes: base64, PostgreSQL's \x…, or what no element of an array may be.
  enum class Bytes { base64, hex, object };

  explicit JsonTextWriter(std::string& out) : out_(out) {}

  /// Starts another value, whatever became of the last.
  void start(Bytes bytes) {
    depth_ = 0;
    bytes_ = bytes;
    holds_foreign_ = false;
  }

  /// The outermost array or object is closed.
  bool whole() const { return depth_ == 0; }
  /// Something was written in the place of what JSON does not have: "NaN", "Infinity", "-Infinity" for
  /// numbers, {} for an extension type.
  bool holds_foreign() const { return holds_foreign_; }

  void begin(bool object);
  void end(bool object);
  void key(std::string_view name);
  /// Anything but a list or an object.
  void value(const Scalar& value);

 private:
  void separate();
  void append_bytes(std::string_view bytes);
  void append_number(std::string_view digits);

  std::string& out_;
  std::size_t depth_ = 0;
  Bytes bytes_ = Bytes::base64;
  bool holds_foreign_ = false;
};

}  // namespace troupe::schema
