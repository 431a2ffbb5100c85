#pragma once

#include "postgres/wire/blocking_session.hpp"
#include "sim/material/row_source.hpp"

namespace troupe::sim {

/// The rows of a database.
class PostgresRows final : public RowSource {
 public:
  /// `seed`: the same one samples the same rows of a table that has not changed.
  PostgresRows(postgres::BlockingSession session, std::uint64_t seed)
      : session_(std::move(session)), seed_(seed) {}

  Result<TextRows> sample(const std::string& table, const std::vector<std::string>& columns,
                          std::size_t most) override;
  Result<std::vector<ForeignKey>> foreign_keys(const std::string& table) override;
  Result<std::optional<std::int64_t>> greatest(const std::string& table, const std::string& column) override;
  Result<std::int64_t> count(const std::string& table, std::size_t most) override;
  Result<postgres::SharedQuery> describe_transaction(const schema::ResourceFile& file) override;

 private:
  Result<std::string> sampling_clause(const std::string& table, std::size_t most);

  postgres::BlockingSession session_;
  std::uint64_t seed_;
};

}  // namespace troupe::sim
