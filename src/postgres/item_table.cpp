#include "postgres/item_table.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <vector>

#include "items/item.hpp"
#include "postgres/wire/blocking_session.hpp"

namespace troupe::postgres {
namespace {

constexpr std::size_t max_identifier = 63;  // bytes; NAMEDATALEN - 1: PostgreSQL silently cuts longer ones

Error refusal(const std::string& table, const std::string& why) {
  return {ErrorCode::invalid_argument, "table " + table + " cannot hold items: " + why};
}

std::string quote_identifier(std::string_view name) {
  std::string quoted = "\"";
  for (const char c : name) {
    if (c == '"') quoted += '"';
    quoted += c;
  }
  return quoted + '"';
}

Result<std::string> quote_table_name(const std::string& table) {
  std::string quoted;
  std::string_view rest = table;
  for (int part = 0;; ++part) {
    const auto dot = rest.find('.');
    const std::string_view name = rest.substr(0, dot);
    if (part > 1 || name.empty() || name.size() > max_identifier || name.find('\0') != std::string_view::npos)
      return Error{
          ErrorCode::invalid_argument,
          "database.table is \"" + table + "\", allowed is name or schema.name, each of 1 to 63 bytes"};
    quoted += quote_identifier(name);
    if (dot == std::string_view::npos) return quoted;
    quoted += '.';
    rest.remove_prefix(dot + 1);
  }
}

Result<Rows> query(BlockingSession& session, const std::string& sql, const Params& params = {}) {
  auto outcome = session.run(sql, params);
  if (!outcome) return outcome.error();
  if (auto* error = std::get_if<StatementError>(&*outcome))
    return Error{ErrorCode::invalid_argument, error->message + " (SQLSTATE " + error->sqlstate + ")"};
  return std::move(std::get<Rows>(*outcome));
}

/// One column as the catalogs describe it.
struct Column {
  std::string name;
  std::string type;  ///< as format_type prints it
  bool not_null = false;
  bool filled_by_server = false;  ///< default, identity or generated
  bool generated = false;
  bool unique = false;  ///< alone, without a condition
};

// Nothing when there is no such table.
Result<std::optional<std::vector<Column>>> describe(BlockingSession& session, const std::string& quoted) {
  Params params;
  params.add_text(quoted);
  auto kind =
      query(session, "SELECT relkind::text FROM pg_catalog.pg_class WHERE oid = to_regclass($1)", params);
  if (!kind) return kind.error();
  if (kind->count() == 0) return std::optional<std::vector<Column>>{};
  if (kind->text(0, 0) != "r" && kind->text(0, 0) != "p") return refusal(quoted, "it is not a table");
  auto rows = query(session, R"(
    SELECT a.attname::text, format_type(a.atttypid, a.atttypmod), a.attnotnull,
           a.atthasdef OR a.attidentity <> '' OR t.typdefault IS NOT NULL, a.attgenerated <> '',
           EXISTS (SELECT FROM pg_catalog.pg_index i WHERE i.indrelid = a.attrelid AND i.indisunique AND i.indisvalid
                   AND i.indpred IS NULL AND i.indnkeyatts = 1 AND i.indkey[0] = a.attnum)
    FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
    WHERE a.attrelid = to_regclass($1) AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum)",
                    params);
  if (!rows) return rows.error();
  std::vector<Column> columns;
  for (int row = 0; row < rows->count(); ++row)
    columns.push_back({std::string(rows->text(row, 0)), std::string(rows->text(row, 1)),
                       rows->boolean(row, 2), rows->boolean(row, 3), rows->boolean(row, 4),
                       rows->boolean(row, 5)});
  return std::optional(std::move(columns));
}

bool is_numeric(const std::string& type) {
  return type == "numeric" || type.starts_with("numeric(");
}

bool is_text_of(const std::string& type, std::size_t characters) {
  constexpr std::string_view limited = "character varying(";
  if (type == "text" || type == "character varying") return true;
  return type.starts_with(limited) && type.ends_with(')') &&
         std::stoul(type.substr(limited.size())) >= characters;
}

/// What a column of an item's table may be.
struct Rule {
  const char* column;
  bool (*fits)(const Column&);
  const char* allowed;
};

constexpr std::array<Rule, 5> rules{{
    {"id",
     [](const Column& column) {
       return (column.type == "bigint" || column.type == "integer" || column.type == "smallint") &&
              column.filled_by_server && !column.generated && column.unique;
     },
     "bigint, integer or smallint that is the primary key (or unique) and has a default or identity"},
    {"name",
     [](const Column& column) {
       return is_text_of(column.type, items::max_name_length) && !column.generated;
     },
     "text or varchar(100) or longer"},
    {"description",
     [](const Column& column) {
       // Models limit it as they like: a longer text then fails alone, with 22001.
       return is_text_of(column.type, 1) && !column.not_null && !column.generated;
     },
     "text or varchar, nullable"},
    {"price",
     [](const Column& column) {
       return (column.type == "double precision" || is_numeric(column.type)) && !column.generated;
     },
     "double precision or numeric"},
    {"in_stock", [](const Column& column) { return column.type == "boolean" && !column.generated; },
     "boolean"},
}};

std::string shape_of(const Column& column) {
  std::string text = column.type;
  if (column.not_null) text += " not null";
  if (column.generated) return text + " generated";
  text += column.filled_by_server ? " with a default" : " without a default";
  return column.unique ? text + ", unique" : text + ", not unique";
}

Result<ItemTable> check(const std::string& quoted, const std::vector<Column>& columns) {
  ItemTable table{quoted, {}};
  for (const Rule& rule : rules) {
    const auto column = std::find_if(columns.begin(), columns.end(),
                                     [&](const Column& candidate) { return candidate.name == rule.column; });
    const std::string name = std::string("column ") + rule.column;
    if (column == columns.end()) return refusal(quoted, name + " is missing, allowed is " + rule.allowed);
    if (!rule.fits(*column))
      return refusal(quoted, name + " is " + shape_of(*column) + ", allowed is " + rule.allowed);
    if (column->name == "price") table.price_type = column->type;
  }
  for (const Column& column : columns) {
    const bool known =
        std::any_of(rules.begin(), rules.end(), [&](const Rule& rule) { return column.name == rule.column; });
    if (!known && column.not_null && !column.filled_by_server)
      return refusal(quoted, "column " + column.name + " is " + shape_of(column) +
                                 ", allowed is a further column only when it is nullable or has a default");
  }
  return table;
}

// CREATE TABLE IF NOT EXISTS alone fails when two run at once: the advisory lock makes them queue. One
// statement, so that it also works through a pooler that gives every transaction another connection.
Result<void> create(BlockingSession& session, const std::string& quoted) {
  std::string mark = "$troupe$";
  while (quoted.find(mark) != std::string::npos) mark.insert(1, "x");
  auto made = query(session, "DO " + mark + R"(BEGIN
    PERFORM pg_advisory_xact_lock(8391171123574124403);
    CREATE TABLE IF NOT EXISTS )" +
                                 quoted + R"( (
      id bigint GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY,
      name text NOT NULL,
      description text,
      price double precision NOT NULL,
      in_stock boolean NOT NULL DEFAULT true);
    END)" + mark);
  if (!made) return Error{made.error().code, "cannot make the table " + quoted + ": " + made.error().message};
  return {};
}

}  // namespace

Result<ItemTable> prepare_item_table(const std::string& conninfo, const std::string& table,
                                     int timeout_seconds) {
  const auto quoted = quote_table_name(table);
  if (!quoted) return quoted.error();
  auto session = BlockingSession::open(conninfo, std::chrono::seconds{timeout_seconds});
  if (!session) return session.error();
  auto columns = describe(*session, *quoted);
  if (!columns) return columns.error();
  // Only then: a user who may use the table need not be allowed to make one.
  if (!*columns) {
    if (auto made = create(*session, *quoted); !made) return made.error();
    columns = describe(*session, *quoted);
    if (!columns) return columns.error();
    if (!*columns) return Error{ErrorCode::internal, "the table " + *quoted + " was made but cannot be seen"};
  }
  return check(*quoted, **columns);
}

Result<void> drop_item_table(const std::string& conninfo, const ItemTable& table, int timeout_seconds) {
  auto session = BlockingSession::open(conninfo, std::chrono::seconds{timeout_seconds});
  if (!session) return session.error();
  const auto dropped = query(*session, "DROP TABLE IF EXISTS " + table.quoted_name);
  return dropped ? Result<void>{} : dropped.error();
}

}  // namespace troupe::postgres
