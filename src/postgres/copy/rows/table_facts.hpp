#pragma once

#include <optional>
#include <string>
#include <vector>

#include "postgres/copy/copy_session.hpp"
#include "support/result.hpp"

namespace troupe::postgres {

/// A column that made-up rows fill. Domains are walked down to the type below them.
struct FilledColumn {
  std::string name;  ///< quoted
  std::string type;  ///< PostgreSQL's name of it: "int4", "varchar"; "anyenum" for an enumeration, "anyarray"
                     ///< for an array
  std::string cast;  ///< what a cast to the column's own type names
  int modifier = -1;
  bool not_null = false;
  bool has_default = false;  ///< other than a sequence's
  std::vector<std::string>
      labels{};  ///< all that it can be: of an enumeration, or of a check that lists them
  std::optional<double> low{}, high{};  ///< by its checks: of a number, or of a text's length
};

/// A unique key: places in TableFacts::columns.
using UniqueKey = std::vector<std::size_t>;

/// What must be known of a table to make rows for it.
struct FilledTable {
  std::vector<FilledColumn> columns;
  std::vector<UniqueKey> unique;

  /// The place of a column by its quoted name.
  std::optional<std::size_t> find(const std::string& name) const;
};

/// Reads it from the catalogue of the copy, whose keys and checks are there. `oid` is the table's name as
/// regclass takes it.
Result<FilledTable> read_filled_table(CopySession& copy, const std::string& table);

/// The columns (quoted) that a check of the table is about.
Result<std::vector<std::string>> columns_of_check(CopySession& copy, const std::string& table,
                                                  const std::string& check);

}  // namespace troupe::postgres
