#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "postgres/queries/served_query.hpp"
#include "schema/file/resource_file.hpp"
#include "support/result.hpp"

namespace troupe::sim {

/// A foreign key as the catalogue has it.
struct ForeignKey {
  std::string table;                           ///< that it refers to, quoted
  std::vector<std::string> columns, referred;  ///< in pairs
};

/// Rows as texts, as PostgreSQL's casts to text have them; without nulls.
using TextRows = std::vector<std::vector<std::string>>;

/// Looks at the rows that exist, before a run. Tables' names are quoted, ready for SQL; columns' are plain.
/// Blocks. Errors: unavailable or timed_out for the database, else what it said.
class RowSource {
 public:
  virtual ~RowSource() = default;
  /// These columns of rows all over the table, `most` at most; of rows in which none of them is null.
  virtual Result<TextRows> sample(const std::string& table, const std::vector<std::string>& columns,
                                  std::size_t most) = 0;
  virtual Result<std::vector<ForeignKey>> foreign_keys(const std::string& table) = 0;
  /// The greatest value of a column of numbers, rounded up; none in an empty table.
  virtual Result<std::optional<std::int64_t>> greatest(const std::string& table,
                                                       const std::string& column) = 0;
  /// How many rows there are, as far as `most`.
  virtual Result<std::int64_t> count(const std::string& table, std::size_t most) = 0;
  /// The queries of a file, as one transaction, as the database describes them; nothing is run.
  virtual Result<postgres::SharedQuery> describe_transaction(const schema::ResourceFile& file) = 0;
};

}  // namespace troupe::sim
