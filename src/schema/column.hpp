#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "schema/scalar.hpp"
#include "schema/type.hpp"

namespace re2 {
class RE2;
}

namespace troupe::schema {

struct Column;

/// How values of one kind of type are read and written; chosen once per column. Pure; from any thread.
struct Codec {
  /// Appends the value of a body in PostgreSQL's array-element form: its length as a big-endian int32 (-1:
  /// null), then its bytes in the column's WireForm. Nothing is appended when there is a fault.
  std::optional<ValueFault> (*read)(const Scalar& value, const Column& column, std::string& out);
  /// The same from the text of a path segment or query parameter, which is never null.
  std::optional<ValueFault> (*parse)(std::string_view text, const Column& column, std::string& out);
  /// Appends what PostgreSQL sent (not null), as JSON or MessagePack.
  void (*write_json)(std::string_view wire, const Column& column, std::string& out);
  void (*write_msgpack)(std::string_view wire, const Column& column, std::string& out);
};

/// What a resource file demands of a column beyond its type.
struct Rules {
  std::optional<std::string> min{}, max{};                ///< decimal digits, both allowed
  std::optional<std::size_t> min_length{}, max_length{};  ///< characters (Unicode code points)
  std::shared_ptr<const re2::RE2> pattern{};
};

/// One column of a resource. Immutable once the resource is made.
struct Column {
  std::string name;
  Type type;
  bool nullable = true;
  bool has_default = false;   ///< a default, an identity or a sequence: it may be left out
  std::string default_sql{};  ///< the default's expression; empty: none, or the server's own (identity)
  bool writable = true;       ///< false: generated, identity, without the privilege, or read_only in the file
  bool as_string = false;     ///< numeric and bigint as JSON strings
  Rules rules{};
  std::string comment{};  ///< of the database, for OpenAPI

  // Derived, by finish_column.
  const Codec* codec = nullptr;
  std::string json_key{};                   ///< `,"name":`
  std::string msgpack_key{};                ///< the name as a MessagePack str
  std::shared_ptr<const Column> element{};  ///< of an array: a column of its elements' type

  WireForm wire_form() const { return wire_form_of(type.kind); }
  /// Must a new row's body have it?
  bool required() const { return writable && !nullable && !has_default; }
};

/// Fills in what is derived from the rest.
void finish_column(Column& column);

}  // namespace troupe::schema
