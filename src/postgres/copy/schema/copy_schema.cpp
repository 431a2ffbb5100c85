#include "postgres/copy/schema/copy_schema.hpp"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <map>
#include <numeric>

#include "postgres/catalogue/run_query.hpp"
#include "postgres/copy/schema/copy_schema_sql.hpp"
#include "support/parse.hpp"

namespace troupe::postgres {
namespace {

/// A number in PostgreSQL's text form.
std::int64_t number(std::string_view text) {
  const bool negative = text.starts_with('-');
  const auto value = parse_count(text.substr(negative ? 1 : 0));
  return value ? static_cast<std::int64_t>(*value) * (negative ? -1 : 1) : 0;
}

bool boolean(std::string_view text) {
  return text == "t";
}

std::string array_of(const std::vector<std::string>& oids) {
  return fmt::format("{{{}}}", fmt::join(oids, ","));
}

Result<void> append_column(CopySession& source, const std::string& sql, std::vector<std::string>& to) {
  const auto rows = source.run(sql);
  if (!rows) return rows.error();
  for (int row = 0; row < rows->count(); ++row) to.emplace_back(rows->text(row, 0));
  return {};
}

Result<std::string> oids_of(CopySession& source, const std::vector<std::string>& tables) {
  std::vector<std::string> oids;
  for (const auto& table : tables) {
    const auto row = source.run(fmt::format("SELECT {}::regclass::oid", quote_text(table)));
    if (!row) return row.error();
    oids.emplace_back(row->text(0, 0));
  }
  return array_of(oids);
}

/// The oids of all that is to be copied, once it is known that they can be.
Result<std::string> choose(CopySession& source, const std::string& asked) {
  const auto rows = source.run(chosen_tables_sql(asked));
  if (!rows) return rows.error();
  std::vector<std::string> oids;
  for (int row = 0; row < rows->count(); ++row) {
    const auto kind = rows->text(row, 1), name = rows->text(row, 2);
    if (kind != "r" && kind != "p")
      return Error{ErrorCode::invalid_argument,
                   fmt::format("{} is no table but a {}, and a copy holds tables only: leave it out", name,
                               kind == "f" ? "foreign table" : "view")};
    if (!boolean(rows->text(row, 3)))
      return Error{ErrorCode::invalid_argument,
                   fmt::format("{} cannot be copied: this user may not read all of its columns (GRANT SELECT "
                               "ON {} TO …)",
                               name, name)};
    oids.emplace_back(rows->text(row, 0));
  }
  return array_of(oids);
}

Result<void> read_row_tables(CopySession& source, const std::string& oids, CopySchema& schema) {
  const auto rows = source.run(row_tables_sql(oids));
  if (!rows) return rows.error();
  std::map<std::string, std::size_t, std::less<>> places;
  for (int row = 0; row < rows->count(); ++row) {
    CopiedTable table{.oid = std::string(rows->text(row, 0)),
                      .name = std::string(rows->text(row, 1)),
                      .columns = texts_of(rows->text(row, 2)),
                      .key = texts_of(rows->text(row, 3)),
                      .rows = number(rows->text(row, 4)),
                      .bytes = number(rows->text(row, 5))};
    if (table.rows < 0) {  // never analysed
      const auto counted = source.run("SELECT count(*) FROM " + table.name);
      if (!counted) return counted.error();
      table.rows = number(counted->text(0, 0));
    }
    places.emplace(table.oid, schema.tables.size());
    schema.tables.push_back(std::move(table));
  }
  const auto keys = source.run(foreign_keys_sql(oids));
  if (!keys) return keys.error();
  for (int row = 0; row < keys->count(); ++row) {
    const auto child = places.find(keys->text(row, 0)), parent = places.find(keys->text(row, 1));
    if (child == places.end() || parent == places.end()) continue;  // a partition is referred to
    schema.tables[child->second].references.push_back({parent->second, texts_of(keys->text(row, 2)),
                                                       texts_of(keys->text(row, 3)),
                                                       texts_of(keys->text(row, 4))});
  }
  return {};
}

Result<void> read_database(CopySession& source, CopySchema& schema) {
  const auto path = source.run("SELECT current_setting('search_path')");
  if (!path) return path.error();
  const auto facts = source.run(std::string(database_options_sql()));
  if (!facts) return facts.error();
  schema.options = facts->text(0, 0);
  schema.settings = texts_of(facts->text(0, 1));
  if (!path->text(0, 0).empty()) schema.settings.push_back("search_path TO " + std::string(path->text(0, 0)));
  schema.database = facts->text(0, 2);
  schema.owned = boolean(facts->text(0, 3));
  schema.may_create = boolean(facts->text(0, 4));
  schema.user = facts->text(0, 5);
  return {};
}

Result<void> read_sequences(CopySession& source, const std::string& oids, CopySchema& schema) {
  const auto rows = source.run(sequence_values_sql(oids));
  if (!rows) return rows.error();
  for (int row = 0; row < rows->count(); ++row)
    schema.sequences.push_back(
        fmt::format("SELECT setval({}, {})", quote_text(rows->text(row, 0)), rows->text(row, 1)));
  return {};
}

}  // namespace

std::int64_t CopySchema::bytes() const {
  return std::accumulate(tables.begin(), tables.end(), std::int64_t{0},
                         [](std::int64_t sum, const CopiedTable& table) { return sum + table.bytes; });
}

Result<CopySchema> read_copy_schema(CopySession& source, const std::vector<std::string>& tables) {
  CopySchema schema;
  const auto begun = source.run("BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY");
  if (!begun) return begun.error();
  if (const auto done = read_database(source, schema); !done) return done.error();
  const auto asked = oids_of(source, tables);
  if (!asked) return asked.error();
  // Compiling the catalogue's statements takes longer than running them.
  if (const auto set = source.run("SET LOCAL search_path = ''; SET LOCAL jit = off"); !set)
    return set.error();
  const auto oids = choose(source, *asked);
  if (!oids) return oids.error();
  if (const auto done = append_column(source, left_out_sql(*oids), schema.left_out); !done)
    return done.error();
  struct Part {
    std::string sql;
    std::vector<std::string>& to;
  };
  for (const auto& [sql, to] :
       {Part{surroundings_sql(*oids), schema.before}, Part{tables_ddl_sql(*oids), schema.before},
        Part{keys_ddl_sql(*oids), schema.keys}, Part{rest_ddl_sql(*oids), schema.after}}) {
    if (const auto done = append_column(source, sql, to); !done) return done.error();
  }
  if (const auto done = read_sequences(source, *oids, schema); !done) return done.error();
  if (const auto done = read_row_tables(source, *oids, schema); !done) return done.error();
  // Operators of extensions (citext's =) are found as the user finds them.
  if (const auto set = source.run("SET LOCAL search_path TO DEFAULT"); !set) return set.error();
  return schema;
}

}  // namespace troupe::postgres
