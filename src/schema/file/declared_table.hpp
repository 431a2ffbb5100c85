#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "schema/file/resource_file.hpp"
#include "support/result.hpp"

namespace troupe::schema {

/// The types that a resource with create = true may declare.
std::span<const std::string_view> declared_types();

/// One statement that makes the entry's table at `quoted`, safe when several processes start at once.
std::string create_table_sql(const ResourceEntry& entry, const std::string& quoted);

/// The resource that the declared columns alone make: for a database without a catalogue. `entry` is one with
/// create = true of `file`.
Result<Resource> declared_resource(const ResourceEntry& entry, const std::string& file);

/// What the catalogue knows of a table beyond its resource.
struct TableFacts {
  /// The columns of each unique key that holds for every row.
  std::vector<std::vector<std::string>> unique_keys{};
  std::vector<std::string> generated{};  ///< columns
};

/// Is there a unique key of just these columns, in any order?
bool has_unique_key(const TableFacts& facts, std::vector<std::string> columns);

/// Holds an existing table against what `entry` (with create = true) declares, and leaves the declared
/// columns in it: with the types of the catalogue, which must be of the same family. Error: the column, what
/// it is and what is allowed.
Result<Resource> fit_declared(const ResourceEntry& entry, Resource from_catalogue, const TableFacts& facts,
                              const std::string& file);

}  // namespace troupe::schema
