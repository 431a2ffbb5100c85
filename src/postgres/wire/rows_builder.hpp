#pragma once

#include <optional>
#include <string_view>
#include <utility>

#include "postgres/wire/rows.hpp"

namespace troupe::postgres {

/// Rows that no server sent: what stands in for PostgreSQL answers with them. Values are in binary format.
class RowsBuilder {
 public:
  explicit RowsBuilder(int columns);
  /// Rows grow as they are set, one after the other.
  void set(int row, int column, std::optional<std::string_view> value);
  Rows take() { return std::move(rows_); }

 private:
  PGresult* result_;  ///< which `rows_` owns
  Rows rows_;
};

}  // namespace troupe::postgres
