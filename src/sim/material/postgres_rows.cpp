#include "sim/material/postgres_rows.hpp"

#include <spdlog/fmt/fmt.h>

#include <algorithm>

#include "postgres/catalogue/run_query.hpp"
#include "schema/table_name.hpp"

namespace troupe::sim {
namespace {

// A table with more rows than so many times the sample is sampled block by block, else its first rows are
// taken.
constexpr double large = 4;
// More than the sample, since blocks hold more or fewer rows than others.
constexpr double margin = 1.5;

postgres::Params named(const std::string& table) {
  postgres::Params params;
  params.add_text(table);
  return params;
}

}  // namespace

Result<std::string> PostgresRows::sampling_clause(const std::string& table, std::size_t most) {
  const auto rows = postgres::run_query(session_,
                                        "SELECT coalesce(sum(c.reltuples), 0)::int8, "
                                        "coalesce(bool_and(c.relkind IN ('r', 'm')), false) "
                                        "FROM pg_catalog.pg_class c WHERE c.oid = to_regclass($1)",
                                        named(table));
  if (!rows) return rows.error();
  const auto estimate = static_cast<double>(rows->int8(0, 0));
  if (!rows->boolean(0, 1) || estimate <= large * static_cast<double>(most)) return std::string();
  return fmt::format(" TABLESAMPLE SYSTEM ({}) REPEATABLE ({})",
                     std::min(100.0, 100 * margin * static_cast<double>(most) / estimate), seed_ % 1'000'000);
}

Result<TextRows> PostgresRows::sample(const std::string& table, const std::vector<std::string>& columns,
                                      std::size_t most) {
  const auto clause = sampling_clause(table, most);
  if (!clause) return clause.error();
  std::string shown, present;
  for (const auto& column : columns) {
    const auto name = schema::quote_identifier(column);
    shown += (shown.empty() ? "" : ", ") + name + "::text";
    present += (present.empty() ? "" : " AND ") + name + " IS NOT NULL";
  }
  const auto rows = postgres::run_query(
      session_, fmt::format("SELECT {} FROM {}{} WHERE {} LIMIT {}", shown, table, *clause, present, most));
  if (!rows) return rows.error();
  TextRows texts(static_cast<std::size_t>(rows->count()));
  for (int row = 0; row < rows->count(); ++row) {
    for (int column = 0; column < static_cast<int>(columns.size()); ++column)
      texts[static_cast<std::size_t>(row)].emplace_back(rows->text(row, column));
  }
  return texts;
}

Result<std::vector<ForeignKey>> PostgresRows::foreign_keys(const std::string& table) {
  const auto rows = postgres::run_query(session_, R"(
    SELECT c.confrelid::regclass::text,
           (SELECT json_agg(a.attname ORDER BY n) FROM unnest(c.conkey) WITH ORDINALITY AS keys(k, n)
            JOIN pg_catalog.pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = k)::text,
           (SELECT json_agg(a.attname ORDER BY n) FROM unnest(c.confkey) WITH ORDINALITY AS keys(k, n)
            JOIN pg_catalog.pg_attribute a ON a.attrelid = c.confrelid AND a.attnum = k)::text
    FROM pg_catalog.pg_constraint c WHERE c.contype = 'f' AND c.conrelid = to_regclass($1)
    ORDER BY cardinality(c.conkey) DESC, c.conname)",
                                        named(table));
  if (!rows) return rows.error();
  std::vector<ForeignKey> keys;
  for (int row = 0; row < rows->count(); ++row) {
    keys.push_back({std::string(rows->text(row, 0)), postgres::texts_of(rows->text(row, 1)),
                    postgres::texts_of(rows->text(row, 2))});
  }
  return keys;
}

Result<std::optional<std::int64_t>> PostgresRows::greatest(const std::string& table,
                                                           const std::string& column) {
  const auto rows =
      postgres::run_query(session_, fmt::format("SELECT ceil(least(max({})::numeric, 9e15))::int8 FROM {}",
                                                schema::quote_identifier(column), table));
  if (!rows) return rows.error();
  if (rows->is_null(0, 0)) return std::optional<std::int64_t>{};
  return std::optional(rows->int8(0, 0));
}

Result<std::int64_t> PostgresRows::count(const std::string& table, std::size_t most) {
  const auto rows = postgres::run_query(
      session_, fmt::format("SELECT count(*)::int8 FROM (SELECT FROM {} LIMIT {}) rows", table, most));
  if (!rows) return rows.error();
  return rows->int8(0, 0);
}

Result<postgres::SharedQuery> PostgresRows::describe_transaction(const schema::ResourceFile& file) {
  auto loaded = postgres::load_queries(session_, file);
  if (!loaded) return loaded.error();
  return postgres::serve_transaction(*loaded);
}

}  // namespace troupe::sim
