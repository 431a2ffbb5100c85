#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "postgres/wire/blocking_session.hpp"
#include "postgres/wire/rows.hpp"
#include "schema/type.hpp"
#include "support/result.hpp"

namespace troupe::postgres {

/// A row of a statement of the catalogue, read from left to right.
class Fields {
 public:
  Fields(const Rows& rows, int row) : rows_(rows), row_(row) {}
  std::string text() { return std::string(rows_.text(row_, column_++)); }
  std::vector<std::string> texts();  ///< of a JSON array
  std::int64_t number() { return rows_.int8(row_, column_++); }
  bool flag() { return rows_.boolean(row_, column_++); }

 private:
  const Rows& rows_;
  int row_;
  int column_ = 0;
};

/// The fields of a type, as columns_sql and types_sql have them. An array's element is another row.
schema::Type read_type(Fields& row);

/// A type as PostgreSQL's Describe tells it.
struct TypeNumber {
  std::int64_t oid = 0;
  std::int64_t modifier = -1;
};

/// The types below domains, in their order. Blocks.
Result<std::vector<schema::Type>> read_types(BlockingSession& session,
                                             const std::vector<TypeNumber>& numbers);

}  // namespace troupe::postgres
