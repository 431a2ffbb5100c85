#include "postgres/item_statements.hpp"

namespace troupe::postgres {

namespace {

// Casts give every column one type on the wire, whatever integer, text or number type the table uses.
constexpr const char* columns = "t.id::int8, t.name::text, t.description::text, t.price::float8, t.in_stock";

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

// Builds the WHERE clause; each condition adds its letter to the statement's name, so equal names mean equal texts.
class Conditions {
 public:
  explicit Conditions(Params& params) : params_(params) {}
  template <class Add>
  void add(char letter, const std::string& condition, Add add_parameter) {
    add_parameter();
    sql_ += (sql_.empty() ? " WHERE " : " AND ") + condition + "$" + std::to_string(params_.size());
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
  std::string returning = " RETURNING ";
  returning += columns;
  const auto price = "::" + table.price_type;
  read_one_ = {"read_one", std::string("SELECT ") + columns + " FROM " + table_ + " t WHERE t.id = $1"};
  read_many_ = {"read_many", std::string("SELECT ") + columns + " FROM " + table_ + " t WHERE t.id = ANY($1)"};
  create_one_ = {"create_one", "INSERT INTO " + table_ +
                                   " AS t (name, description, price, in_stock) VALUES ($1, $2, $3" + price + ", $4)" +
                                   returning};
  create_many_ = {"create_many",
                  "INSERT INTO " + table_ +
                      " AS t (name, description, price, in_stock) SELECT n, d, p" + price +
                      ", s FROM unnest($1, $2, $3, $4) WITH ORDINALITY AS u (n, d, p, s, o) ORDER BY o" +
                      returning};
  update_many_ = {"update_many",
                  "UPDATE " + table_ + " AS t SET name = coalesce(u.n, t.name), " +
                      "description = CASE WHEN u.sd THEN u.d ELSE t.description END, price = coalesce(u.p" + price +
                      ", t.price), in_stock = coalesce(u.s, t.in_stock) " +
                      "FROM unnest($1, $2, $3, $4, $5, $6) AS u (i, n, sd, d, p, s) WHERE t.id = u.i" + returning};
  delete_many_ = {"delete_many", "DELETE FROM " + table_ + " t WHERE t.id = ANY($1) RETURNING t.id::int8"};
  ping_ = {"ping", "SELECT 1::int8"};
  set_timeouts_ = {"set_timeouts",
                   "SELECT set_config('statement_timeout', $1, false), set_config('lock_timeout', $2, false)"};
}

Statement ItemStatements::list(const items::ListQuery& query, Params& params) const {
  Conditions where(params);
  if (query.name) where.add('n', "t.name = ", [&] { params.add_text(*query.name); });
  if (query.in_stock) where.add('s', "t.in_stock = ", [&] { params.add_bool(*query.in_stock); });
  if (query.min_price) where.add('l', "t.price >= ", [&] { params.add_float8(*query.min_price); });
  if (query.max_price) where.add('h', "t.price <= ", [&] { params.add_float8(*query.max_price); });
  const auto matching = " FROM " + table_ + " t" + where.sql();  // what `count` counts: all pages, so without `after`
  if (query.after) {
    where.add(query.descending ? 'b' : 'a', query.descending ? "t.id < " : "t.id > ",
              [&] { params.add_int8(*query.after); });
  }
  const std::string direction = query.descending ? " DESC" : "";
  auto order = column_of(query.order_by) + direction;
  if (query.order_by != items::OrderBy::id) order += ", t.id" + direction;  // ties need an order too, or pages overlap
  params.add_int8(query.limit + 1);
  const auto limit = "$" + std::to_string(params.size());
  params.add_int8(query.offset);
  const auto offset = "$" + std::to_string(params.size());
  auto page = " FROM " + table_ + " t" + where.sql() + " ORDER BY " + order + " LIMIT " + limit + " OFFSET " + offset;
  const auto name = "list_" + where.letters() + "_" + std::to_string(static_cast<int>(query.order_by)) +
                    (query.descending ? "d" : "a") + (query.count ? "c" : "");
  if (!query.count) return {name, std::string("SELECT ") + columns + page};
  return {name, "WITH page AS MATERIALIZED (SELECT t.*, row_number() OVER (ORDER BY " + order + ") AS place" + page +
                    ") SELECT total.n, " + columns + " FROM (SELECT count(*)::int8 AS n" + matching +
                    ") AS total LEFT JOIN page AS t ON true ORDER BY t.place"};
}

items::Item item_at(const Rows& rows, int row, int column) {
  items::Item item{rows.int8(row, column), std::string(rows.text(row, column + 1)), std::nullopt,
                   rows.float8(row, column + 3), rows.boolean(row, column + 4)};
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
