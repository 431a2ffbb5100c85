#include "postgres/queries/query_sql.hpp"

#include <spdlog/fmt/fmt.h>

#include <algorithm>

#include "postgres/catalogue/resource_statements.hpp"
#include "schema/table_name.hpp"

namespace troupe::postgres {
namespace {

using schema::Query;
using schema::TypeKind;

std::string shown(const Query& query) {
  std::string sql;
  for (const auto& column : query.rows.columns) {
    if (!sql.empty()) sql += ", ";
    ResourceStatements::append_shown(column, sql);
  }
  return sql;
}

std::string names(const Query& query) {
  std::string sql;
  for (const auto& column : query.rows.columns) {
    if (!sql.empty()) sql += ", ";
    sql += schema::quote_identifier(column.name);
  }
  return sql;
}

/// The statement, with parameters of the types that it was described with.
std::string with_parameters(const Query& query, const char* format) {
  return query.text.with([&](std::size_t name) {
    const auto& column = query.parameters.columns[name];
    const auto value = fmt::format(fmt::runtime(format), name + 1);
    // Integers and reals travel in 8 bytes, whatever they are.
    const bool narrow = (column.type.kind == TypeKind::integer || column.type.kind == TypeKind::real) &&
                        column.type.bits != 64;
    const auto cast = narrow ? "::" + column.type.name : ResourceStatements::cast_of(column);
    return cast.empty() ? value : "(" + value + cast + ")";
  });
}

std::int64_t most_rows(const Query& query) {
  return query.one ? 1 : query.max_rows + 1;
}

}  // namespace

std::string one_call_sql(const Query& query, QueryForm form) {
  const auto sql = with_parameters(query, "${}");
  switch (form) {
    case QueryForm::subquery:
      return fmt::format("SELECT {} FROM ({}\n) AS t ({}) LIMIT {}", shown(query), sql, names(query),
                         most_rows(query));
    case QueryForm::with:  // no LIMIT: what was written has been written
      return fmt::format("WITH t ({}) AS ({}\n) SELECT {} FROM t", names(query), sql, shown(query));
    case QueryForm::plain:
      break;
  }
  return sql;
}

// Names of ours begin with troupe_. LIMIT keeps PostgreSQL from making one join of all calls, whose order
// would be another one: what is left to it is to run the statement for one call after the other. Numbering
// the rows and sorting by that would say so, and costs as much as a join of ten rows does.
std::string many_calls_sql(const Query& query) {
  std::string arrays, elements;
  for (std::size_t i = 0; i < query.parameters.columns.size(); ++i) {
    arrays += fmt::format("{}${}", i == 0 ? "" : ", ", i + 1);
    elements += fmt::format("c{}, ", i + 1);
  }
  return fmt::format(
      "SELECT troupe_u.o, {} FROM unnest({}) WITH ORDINALITY AS troupe_u ({}o), LATERAL (SELECT troupe_q.* "
      "FROM "
      "({}\n) AS troupe_q LIMIT {}) AS t ({})",
      shown(query), arrays, elements, with_parameters(query, "troupe_u.c{}"), most_rows(query), names(query));
}

bool needs_no_casts(const schema::Resource& rows) {
  return std::ranges::all_of(rows.columns, [](const schema::Column& column) {
    switch (column.type.kind) {
      case TypeKind::boolean:
      case TypeKind::integer:
      case TypeKind::real:
      case TypeKind::bytes:
      case TypeKind::text:
      case TypeKind::enumeration:
        return true;
      default:
        return false;
    }
  });
}

}  // namespace troupe::postgres
