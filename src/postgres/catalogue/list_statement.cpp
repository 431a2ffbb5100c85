#include "postgres/catalogue/list_statement.hpp"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <cstring>

#include "postgres/catalogue/resource_statements.hpp"
#include "schema/element.hpp"
#include "schema/table_name.hpp"

namespace troupe::postgres {
namespace {

using schema::Column;
using schema::Filter;
using schema::ListQuery;
using schema::Lookup;
using schema::quote_identifier;
using schema::Resource;

/// Text in which LIKE finds nothing but itself.
std::string escaped_for_like(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    if (c == '%' || c == '_' || c == '\\') escaped += '\\';
    escaped += c;
  }
  return escaped;
}

const char* operator_of(Lookup lookup) {
  switch (lookup) {
    case Lookup::ne:
      return "<>";
    case Lookup::gt:
      return ">";
    case Lookup::gte:
      return ">=";
    case Lookup::lt:
      return "<";
    case Lookup::lte:
      return "<=";
    case Lookup::contains:
    case Lookup::startswith:
      return "LIKE";
    case Lookup::icontains:
      return "ILIKE";
    default:
      return "=";
  }
}

/// A composite value with a null in it is neither NULL nor NOT NULL; for the others there are indexes.
const char* null_test(const Column& column, bool wants_null) {
  if (column.type.kind == schema::TypeKind::other)
    return wants_null ? " IS NOT DISTINCT FROM NULL" : " IS DISTINCT FROM NULL";
  return wants_null ? " IS NULL" : " IS NOT NULL";
}

/// Writes conditions, whose values become parameters.
class Conditions {
 public:
  Conditions(const Resource& resource, Params& params) : resource_(resource), params_(params) {}

  void add(const Filter& filter) {
    const auto& column = resource_.columns[filter.place];
    const auto name = name_of(filter.place);
    if (filter.lookup == Lookup::isnull) return add(name + null_test(column, filter.wants_null));
    if (filter.lookup == Lookup::in) return add(fmt::format("{} = ANY({})", name, array(column, filter)));
    std::string_view elements = filter.elements;
    const auto value = schema::take_element(elements).value_or("");
    add(fmt::format("{} {} {}", name, operator_of(filter.lookup), operand(column, filter.lookup, value)));
  }

  /// Rows behind the one that `query.after` names. With nulls last when ascending and first when descending,
  /// as PostgreSQL has them: (a > x) or (a = x and (b > y or (b = y and …))).
  void add_after(const ListQuery& query) {
    std::string_view elements = *query.after;
    std::string sql, end;
    for (std::size_t i = 0; i < query.order.size(); ++i) {
      const auto& term = query.order[i];
      const auto name = name_of(term.place);
      const auto value = schema::take_element(elements);
      const auto last = i + 1 == query.order.size();
      std::string beyond, same;
      if (value) {
        const auto parameter = operand(resource_.columns[term.place], Lookup::exact, *value);
        beyond = fmt::format("{} {} {}", name, term.descending ? "<" : ">", parameter);
        if (!term.descending && resource_.columns[term.place].nullable)
          beyond += fmt::format(" OR {} IS NULL", name);
        same = fmt::format("{} = {}", name, parameter);
      } else {
        beyond = term.descending ? name + " IS NOT NULL" : "false";
        same = name + " IS NULL";
      }
      sql += last ? beyond : fmt::format("{} OR ({} AND (", beyond, same);
      if (!last) end += "))";
    }
    add("(" + sql + end + ")");
  }

  const std::string& sql() const { return sql_; }

 private:
  std::string name_of(std::size_t place) const {
    return ResourceStatements::comparable(resource_.columns[place]);
  }

  void add(const std::string& condition) {
    sql_ += sql_.empty() ? " WHERE " : " AND ";
    sql_ += condition;
  }

  std::string operand(const Column& column, Lookup lookup, std::string_view value) {
    switch (lookup) {
      case Lookup::contains:
      case Lookup::icontains:
        params_.add_text('%' + escaped_for_like(value) + '%');
        return fmt::format("${}", params_.size());
      case Lookup::startswith:
        params_.add_text(escaped_for_like(value) + '%');
        return fmt::format("${}", params_.size());
      default:
        params_.add_binary(oid_of(column.wire_form()), value);
        return fmt::format("${}{}", params_.size(), ResourceStatements::cast_of(column));
    }
  }

  std::string array(const Column& column, const Filter& filter) {
    const auto form = column.wire_form();
    std::memcpy(params_.add_array(array_oid_of(form), oid_of(form), filter.count, filter.elements.size()),
                filter.elements.data(), filter.elements.size());
    const auto cast = ResourceStatements::cast_of(column);
    return fmt::format("${}{}", params_.size(), cast.empty() ? "" : cast + "[]");
  }

  const Resource& resource_;
  Params& params_;
  std::string sql_;
};

/// All columns that the statement returns: those asked for, then those that a cursor is made of.
std::vector<std::size_t> shown_of(const Resource& resource, const ListQuery& query) {
  auto shown = query.fields;
  if (shown.empty()) {
    for (std::size_t place = 0; place < resource.columns.size(); ++place) shown.push_back(place);
  }
  for (const auto& term : query.order) {
    if (std::ranges::find(shown, term.place) == shown.end()) shown.push_back(term.place);
  }
  return shown;
}

std::string order_of(const Resource& resource, const ListQuery& query) {
  std::string order;
  for (const auto& term : query.order) {
    order += fmt::format("{}t.{}{}", order.empty() ? "" : ", ",
                         quote_identifier(resource.columns[term.place].name), term.descending ? " DESC" : "");
  }
  return order;
}

}  // namespace

ListStatement list_statement(const Resource& resource, const ListQuery& query, Params& params) {
  ListStatement list;
  list.shown = shown_of(resource, query);
  std::string columns;
  for (const auto place : list.shown) {
    if (!columns.empty()) columns += ", ";
    ResourceStatements::append_shown(resource.columns[place], columns);
  }
  Conditions where(resource, params);
  for (const auto& filter : query.filters) where.add(filter);
  const auto matching =
      fmt::format("FROM {} AS t{}", resource.table, where.sql());  // all pages: without `after`
  if (query.after) where.add_after(query);
  const auto order = order_of(resource, query);
  const auto by = order.empty() ? std::string() : " ORDER BY " + order;
  params.add_int8(query.limit + 1);
  const auto limit = params.size();
  params.add_int8(query.offset);
  const auto page =
      fmt::format("FROM {} AS t{}{} LIMIT ${} OFFSET ${}", resource.table, where.sql(), by, limit, limit + 1);
  auto& sql = list.statement.sql;
  if (!query.count) {
    sql = fmt::format("SELECT {} {}", columns, page);
  } else {
    // The page's columns get names of ours, since a table's may be called anything.
    std::string names, selected;
    for (std::size_t i = 0; i < list.shown.size(); ++i) {
      names += fmt::format(", c{}", i);
      selected += fmt::format(", page.c{}", i);
    }
    sql = fmt::format(
        "SELECT total.n, page.place{} FROM (SELECT count(*) {}) AS total (n) LEFT JOIN "
        "(SELECT row_number() OVER ({}), {} {}) AS page (place{}) ON true ORDER BY page.place",
        selected, matching, by.empty() ? by : by.substr(1), columns, page, names);
    list.first_column = 2;
  }
  list.statement.name = sql;
  return list;
}

}  // namespace troupe::postgres
