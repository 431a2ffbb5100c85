#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "schema/column.hpp"

namespace troupe::schema {

/// A unique or foreign key, or a check, of a table: what an error of that name is about.
struct Constraint {
  enum class Kind { unique, foreign, check };
  std::string name;
  Kind kind = Kind::unique;
  std::vector<std::string> columns{};
  std::string references{};  ///< a foreign key's table, for OpenAPI
  std::string target{};      ///< the same as Resource::table has it
  /// Of that table, one for each of `columns`; none where a part of the key is not shown.
  std::vector<std::string> target_columns{};
};

/// What may be done with a resource.
struct Methods {
  bool list = true, read = true, create = true, replace = true, change = true, remove = true;
};

/// A table (or view) served at a path. Pure data; immutable once made, and shared between threads.
struct Resource {
  std::string name;   ///< in metrics, in OpenAPI and in the file: "orders"
  std::string path;   ///< of its rows: "/orders/", with both slashes
  std::string table;  ///< quoted, ready for SQL: "shop"."orders"
  std::string
      singular;  ///< in messages: "item" in "there is no item with id 5"; "row" where nothing else is known
  std::vector<Column> columns{};   ///< those that are shown, in the table's order
  std::vector<std::size_t> key{};  ///< places in `columns`; empty: rows can only be listed and created
  bool client_key = false;         ///< clients choose it (no identity or sequence): PUT creates
  bool view = false;
  bool has_xmin = true;              ///< rows have a version to make an ETag of
  bool has_insert_triggers = false;  ///< rows may be changed, swallowed or reordered: a statement for each
  bool update_named_only = false;    ///< UPDATE OF triggers, column privileges: SET names only what changes
  Methods methods{};
  bool require_match = false;                          ///< 428 for a write without If-Match
  std::optional<std::chrono::milliseconds> timeout{};  ///< else server.request_timeout
  std::int64_t default_limit = 100, max_limit = 1000;
  std::optional<std::vector<std::string>> filters{}, orders{};  ///< columns that may be used so; absent: all
  bool lenient =
      false;  ///< unknown query parameters are ignored, min_price and max_price known: the items API
  std::vector<Constraint> constraints{};
  std::string comment{};

  /// The place of a column, by name.
  std::optional<std::size_t> find(std::string_view column) const;
  bool is_key(std::size_t place) const;
  /// Places of the columns that a body may set when a row is made: of the key those that the server does not
  /// choose, which are writable (beside a sequence there may be a day).
  const std::vector<std::size_t>& insertable() const { return insertable_; }
  /// Places of the columns that PUT and PATCH set: never the key.
  const std::vector<std::size_t>& updatable() const { return updatable_; }

  /// Fills in what is derived. To be called once, at the end.
  void finish();

 private:
  std::vector<std::size_t> insertable_{}, updatable_{};
  std::vector<std::size_t> by_name_{};  ///< places, sorted by the names' lengths, then by the names
  std::vector<std::size_t> lengths_{};  ///< where in by_name_ the names of each length begin
};

}  // namespace troupe::schema
