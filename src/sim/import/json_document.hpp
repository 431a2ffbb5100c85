#pragma once

#include <boost/json/value.hpp>
#include <cstddef>
#include <string>
#include <string_view>

#include "support/json_text.hpp"
#include "support/result.hpp"

namespace troupe::sim {

/// The largest document that is read, in bytes.
constexpr std::size_t most_document = 16 * 1024 * 1024;

/// A JSON document of others.
class JsonDocument {
 public:
  /// Error: one line; `kind` is what it should be ("an OpenAPI document").
  static Result<JsonDocument> parse(std::string_view text, std::string_view kind);

  const boost::json::value& root() const { return root_; }
  /// The value itself, or what its $ref names in the document (RFC 6901), through several if need be. Null:
  /// it names nothing here.
  const boost::json::value* resolve(const boost::json::value* value) const;

 private:
  explicit JsonDocument(boost::json::value root) : root_(std::move(root)) {}
  boost::json::value root_;
};

// ---- members of values that may be anything, or null

/// Null: it is no object, or has none of this name.
const boost::json::value* member(const boost::json::value* value, std::string_view name);
/// Null: it is none.
const boost::json::object* as_object(const boost::json::value* value);
const boost::json::array* as_array(const boost::json::value* value);
/// Empty: it is none.
std::string_view as_text(const boost::json::value* value);
bool is_true(const boost::json::value* value);

/// A part of a JSON Pointer (RFC 6901 section 3).
std::string pointer_part(std::string_view name);

}  // namespace troupe::sim
