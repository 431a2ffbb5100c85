#include "postgres/item_statements.hpp"

#include <spdlog/fmt/fmt.h>

#include <cmath>

namespace troupe::postgres {

namespace {

// Casts give every column one type on the wire, whatever integer, text or number type the table uses; a table
// of another maker may hold nulls where an item has none.
constexpr const char* columns =
    "t.id::int8, coalesce(t.name::text, ''), t.description::text, coalesce(t.price::float8, 0), "
    "coalesce(t.in_stock, true)";

const char* column_of(items::OrderBy order_by) {
  switch (order_by) {
    case items::OrderBy::name:
      return "t.name";
    case items::OrderBy::price:
      return "t.price";
    case items::OrderBy::id:
      break;
  }
  return "t.id";
}

// Builds the WHERE clause; each condition adds its letter to the statement's name, so equal names mean equal
// texts.
class Conditions {
 public:
  explicit Conditions(Params& params) : params_(params) {}
  template <class Add>
  void add(char letter, const std::string& condition, Add add_parameter) {
    add_parameter();
    sql_ += fmt::format("{}{}${}", sql_.empty() ? " WHERE " : " AND ", condition, params_.size());
    letters_ += letter;
  }
  const std::string& sql() const { return sql_; }
  const std::string& letters() const { return letters_; }

 private:
  Params& params_;
  std::string sql_;
  std::string letters_;
};

}  // namespace

ItemStatements::ItemStatements(const ItemTable& table) : table_(table.quoted_name) {
  const auto from = fmt::format("FROM {} t WHERE t.id =", table_);
  const auto& price =
      table.price_type;  // the stored type, so that coalesce() does not round it through float8
  read_one_ = {"read_one", fmt::format("SELECT {} {} $1", columns, from)};
  read_many_ = {"read_many", fmt::format("SELECT {} {} ANY($1)", columns, from)};
  create_one_ = {"create_one", fmt::format("INSERT INTO {} AS t (name, description, price, in_stock) "
                                           "VALUES ($1, $2, $3::{}, $4) RETURNING {}",
                                           table_, price, columns)};
  create_many_ = {
      "create_many",
      fmt::format("INSERT INTO {} AS t (name, description, price, in_stock) SELECT n, d, p::{}, s "
                  "FROM unnest($1, $2, $3, $4) WITH ORDINALITY AS u (n, d, p, s, o) ORDER BY o "
                  "RETURNING {}",
                  table_, price, columns)};
  update_many_ = {"update_many",
                  fmt::format("UPDATE {} AS t SET name = coalesce(u.n, t.name), "
                              "description = CASE WHEN u.sd THEN u.d ELSE t.description END, "
                              "price = coalesce(u.p::{}, t.price), in_stock = coalesce(u.s, t.in_stock) "
                              "FROM unnest($1, $2, $3, $4, $5, $6) AS u (i, n, sd, d, p, s) WHERE t.id = u.i "
                              "RETURNING {}",
                              table_, price, columns)};
  delete_many_ = {"delete_many", fmt::format("DELETE {} ANY($1) RETURNING t.id::int8", from)};
  ping_ = {"ping", "SELECT 1::int8"};
  set_timeouts_ = {
      "set_timeouts",
      "SELECT set_config('statement_timeout', $1, false), set_config('lock_timeout', $2, false)"};
  discard_plans_ = {"discard_plans", "DISCARD PLANS"};
}

Statement ItemStatements::list(const items::ListQuery& query, Params& params) const {
  Conditions where(params);
  if (query.name) where.add('n', "t.name = ", [&] { params.add_text(*query.name); });
  if (query.in_stock) where.add('s', "t.in_stock = ", [&] { params.add_bool(*query.in_stock); });
  if (query.min_price) where.add('l', "t.price >= ", [&] { params.add_float8(*query.min_price); });
  if (query.max_price) where.add('h', "t.price <= ", [&] { params.add_float8(*query.max_price); });
  const auto matching =
      fmt::format("FROM {} t{}", table_, where.sql());  // what `count` counts: all pages, so without `after`
  if (query.after) {
    where.add(query.descending ? 'b' : 'a', query.descending ? "t.id < " : "t.id > ",
              [&] { params.add_int8(*query.after); });
  }
  const std::string direction = query.descending ? " DESC" : "";
  auto order = fmt::format("{}{}", column_of(query.order_by), direction);
  if (query.order_by != items::OrderBy::id)
    order += fmt::format(", t.id{}", direction);  // ties: pages must not overlap
  params.add_int8(query.limit + 1);
  const auto limit = fmt::format("${}", params.size());
  params.add_int8(query.offset);
  const auto offset = fmt::format("${}", params.size());
  const auto page =
      fmt::format("FROM {} t{} ORDER BY {} LIMIT {} OFFSET {}", table_, where.sql(), order, limit, offset);
  const auto name = fmt::format("list_{}_{}{}{}", where.letters(), static_cast<int>(query.order_by),
                                query.descending ? "d" : "a", query.count ? "c" : "");
  if (!query.count) return {name, fmt::format("SELECT {} {}", columns, page)};
  return {name,
          fmt::format("WITH page AS MATERIALIZED (SELECT t.*, row_number() OVER (ORDER BY {}) AS place {}) "
                      "SELECT total.n, {} FROM (SELECT count(*)::int8 AS n {}) AS total "
                      "LEFT JOIN page AS t ON true ORDER BY t.place",
                      order, page, columns, matching)};
}

items::Item item_at(const Rows& rows, int row, int column) {
  const double price = rows.float8(row, column + 3);
  items::Item item{rows.int8(row, column), std::string(rows.text(row, column + 1)), std::nullopt,
                   std::isfinite(price) ? price : 0,  // another maker's table may hold NaN, which is no JSON
                   rows.boolean(row, column + 4)};
  if (!rows.is_null(row, column + 2)) item.description = rows.text(row, column + 2);
  return item;
}

items::ItemPage page_of(const Rows& rows, const items::ListQuery& query) {
  items::ItemPage page;
  const int first = query.count ? 1 : 0;
  if (query.count && rows.count() > 0) page.total = rows.int8(0, 0);
  for (int row = 0; row < rows.count(); ++row) {
    if (rows.is_null(row, first)) break;  // LEFT JOIN of an empty page: only the count
    if (static_cast<std::int64_t>(page.items.size()) == query.limit) {
      page.more = true;
      break;
    }
    page.items.push_back(item_at(rows, row, first));
  }
  return page;
}

}  // namespace troupe::postgres
