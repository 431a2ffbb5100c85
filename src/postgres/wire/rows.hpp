#pragma once

#include <libpq-fe.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

namespace troupe::postgres {

/// The rows of one finished statement, in binary format. What is not there, or of another size than its type,
/// reads as 0, false or nothing: whoever sent it is not PostgreSQL, and must not end this process.
class Rows {
 public:
  explicit Rows(PGresult* result) : result_(result) {}
  int count() const { return PQntuples(result_.get()); }
  bool is_null(int row, int column) const { return PQgetisnull(result_.get(), row, column) != 0; }
  /// Only of int8 columns: cast integer ids in the SQL.
  std::int64_t int8(int row, int column) const;
  bool boolean(int row, int column) const;
  /// A value's bytes in its type's binary format: of a text, it. Valid as long as this object.
  std::string_view text(int row, int column) const;
  /// The same, and nothing for null.
  std::optional<std::string_view> cell(int row, int column) const {
    const auto value = text(row, column);
    if (value.empty() && is_null(row, column)) return std::nullopt;
    return value;
  }
  const PGresult* handle() const { return result_.get(); }

 private:
  struct Clear {
    void operator()(PGresult* result) const { PQclear(result); }
  };
  std::unique_ptr<PGresult, Clear> result_;
};

}  // namespace troupe::postgres
