#include "postgres/catalogue/read_tables.hpp"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <utility>

#include "postgres/catalogue/catalogue_sql.hpp"
#include "postgres/catalogue/read_types.hpp"
#include "postgres/catalogue/run_query.hpp"
#include "schema/settle.hpp"
#include "schema/table_name.hpp"

namespace troupe::postgres {
namespace {

struct Found {
  std::int64_t oid;
  CatalogueTable table;
};

Found read_table(Fields row) {
  Found found{row.number(), {row.text(), {}}};
  auto& resource = found.table.resource;
  const auto schema_name = row.text();
  resource.name = row.text();
  resource.path = schema::path_of(resource.name);
  resource.table = schema::quote_identifier(schema_name) + "." + schema::quote_identifier(resource.name);
  resource.singular = "row";
  const auto kind = row.text();
  resource.view = kind != "r" && kind != "p";  // a foreign table is one as far as we can tell
  resource.comment = row.text();
  resource.has_xmin = row.flag();
  resource.has_insert_triggers = row.flag();
  resource.update_named_only = row.flag();
  resource.methods.create = row.flag();
  resource.methods.replace = resource.methods.change = row.flag();
  resource.methods.remove = row.flag();
  return found;
}

schema::Column read_column(Fields& row, std::string name, schema::Type type, schema::TableFacts& facts) {
  schema::Column column;
  column.name = std::move(name);
  column.type = std::move(type);
  column.nullable = !row.flag();
  const bool identity = row.flag(), generated = row.flag();
  column.default_sql = row.text();
  column.has_default = !generated && (identity || !column.default_sql.empty());
  column.writable = row.flag() && !identity && !generated;
  column.comment = row.text();
  if (generated) facts.generated.push_back(column.name);
  return column;
}

Found* table_of(std::vector<Found>& tables, std::int64_t oid) {
  const auto found = std::ranges::find(tables, oid, &Found::oid);
  return found == tables.end() ? nullptr : &*found;
}

Result<void> read_columns(BlockingSession& session, const Params& oids, std::vector<Found>& tables) {
  const auto rows = run_query(session, columns_sql(), oids);
  if (!rows) return rows.error();
  for (int at = 0; at < rows->count(); ++at) {
    Fields row(*rows, at);
    auto* found = table_of(tables, row.number());
    const bool element = row.flag();
    auto name = row.text();
    auto type = read_type(row);
    auto& columns = found->table.resource.columns;
    if (element)
      columns.back().type.element.push_back(std::move(type));
    else
      columns.push_back(read_column(row, std::move(name), std::move(type), found->table.facts));
  }
  return {};
}

/// The key that a table's resource has of itself; none when a part of it may not be read.
std::vector<std::size_t> places_of(const schema::Resource& resource, const std::vector<std::string>& names) {
  std::vector<std::size_t> places;
  for (const auto& name : names) {
    const auto place = schema::place_of(resource, name);
    if (!place) return {};
    places.push_back(*place);
  }
  return places;
}

Result<void> read_constraints(BlockingSession& session, const Params& oids, std::vector<Found>& tables) {
  const auto rows = run_query(session, std::string(constraints_sql()), oids);
  if (!rows) return rows.error();
  for (int at = 0; at < rows->count(); ++at) {
    Fields row(*rows, at);
    auto& table = table_of(tables, row.number())->table;
    schema::Constraint constraint;
    constraint.name = row.text();
    const auto kind = row.text();
    if (kind == "f") constraint.kind = schema::Constraint::Kind::foreign;
    if (kind == "c") constraint.kind = schema::Constraint::Kind::check;
    constraint.columns = row.texts();
    constraint.references = row.text();
    if (const auto target = row.texts(); target.size() == 2)
      constraint.target = schema::quote_identifier(target[0]) + "." + schema::quote_identifier(target[1]);
    constraint.target_columns = row.texts();
    const bool sure = row.flag();
    if (sure) table.facts.unique_keys.push_back(constraint.columns);
    if (kind == "p" && sure) table.resource.key = places_of(table.resource, constraint.columns);
    table.resource.constraints.push_back(std::move(constraint));
  }
  return {};
}

Params oids_of(const std::vector<Found>& tables) {
  std::vector<std::int64_t> oids;
  for (const auto& table : tables) oids.push_back(table.oid);
  std::ranges::sort(oids);
  oids.erase(std::unique(oids.begin(), oids.end()), oids.end());
  Params params;
  params.add_int8_array(oids);
  return params;
}

}  // namespace

Result<std::vector<CatalogueTable>> read_tables(BlockingSession& session, const TableNames& names) {
  Params asked;
  if (names) {
    const std::vector<std::optional<std::string_view>> views(names->begin(), names->end());
    asked.add_text_array(views);
  } else {
    asked.add_null(Oid::text_array);
  }
  const auto rows = run_query(session, std::string(tables_sql()), asked);
  if (!rows) return rows.error();
  std::vector<Found> found;
  for (int row = 0; row < rows->count(); ++row) found.push_back(read_table(Fields(*rows, row)));
  const auto oids = oids_of(found);
  if (auto read = read_columns(session, oids, found); !read) return read.error();
  if (auto read = read_constraints(session, oids, found); !read) return read.error();
  std::vector<CatalogueTable> tables;
  for (const auto& table : found) {
    // A table that was asked for by two names was read once.
    tables.push_back(table_of(found, table.oid)->table);
    tables.back().asked = table.table.asked;
  }
  return tables;
}

Result<std::vector<std::string>> visible_tables(BlockingSession& session) {
  const auto rows = run_query(session, R"(
    SELECT c.relname::text FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND n.nspname = ANY (current_schemas(false))
      AND pg_table_is_visible(c.oid)
    ORDER BY c.relname COLLATE "C")");
  if (!rows) return rows.error();
  std::vector<std::string> names;
  for (int row = 0; row < rows->count(); ++row) names.emplace_back(rows->text(row, 0));
  return names;
}

}  // namespace troupe::postgres
