#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "schema/file/query_entry.hpp"
#include "schema/resource.hpp"
#include "support/result.hpp"

namespace troupe::schema {

/// Names that a resource file lists, and where.
struct NameList {
  std::vector<std::string> names{};
  std::size_t line = 0;
};

/// `[resource.NAME.columns.COL]`: what a file says of one column.
struct ColumnEntry {
  std::string name;
  std::size_t line = 0;
  Rules rules{};
  bool as_string = false;

  // Only with create = true.
  std::string type{};  ///< one of declared_types()
  std::string default_sql{};
  bool identity = false, not_null = false, unique = false, key = false;
};

/// `[resource.NAME]`: what a file says of one resource. Absent values come from the catalogue.
struct ResourceEntry {
  std::string name;
  std::size_t line = 0;
  std::string table{};  ///< `name` or `schema.name`
  std::string path{};   ///< with both slashes
  std::string singular = "row";
  std::optional<Methods> methods{};
  std::size_t methods_line = 0;
  NameList hide{}, read_only{};
  std::optional<NameList> key{}, filters{}, orders{};
  std::optional<std::chrono::milliseconds> timeout{};
  std::optional<std::int64_t> default_limit{}, max_limit{};
  bool require_match = false;
  bool create = false;   ///< the table is made from the columns when it is missing; no others are shown
  bool lenient = false;  ///< never in a file: the built-in items
  std::vector<ColumnEntry> columns{};  ///< in the file's order
};

/// A resource file as it was read; resources and queries in its order.
struct ResourceFile {
  std::string file;  ///< as messages name it; empty: what is built in
  std::vector<ResourceEntry> resources{};
  std::vector<QueryEntry> queries{};
};

/// Reads a resource file strictly. Error: one line that begins with `file` and the line. Pure.
Result<ResourceFile> parse_resource_file(const std::string& text, const std::string& file);

/// The same from a file.
Result<ResourceFile> read_resource_file(const std::string& file);

}  // namespace troupe::schema
