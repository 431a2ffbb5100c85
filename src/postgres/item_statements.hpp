#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "items/item.hpp"
#include "items/list_query.hpp"
#include "postgres/item_table.hpp"
#include "postgres/wire/params.hpp"
#include "postgres/wire/pipeline.hpp"
#include "postgres/wire/rows.hpp"

namespace troupe::postgres {

/// The SQL of the items table, reads and creates in two forms: for one row, and for many in one statement
/// (arrays). Every statement that answers items returns id, name, description, price, in_stock in this order.
class ItemStatements {
 public:
  explicit ItemStatements(const ItemTable& table);

  const Statement& read_one() const { return read_one_; }    ///< $1 id
  const Statement& read_many() const { return read_many_; }  ///< $1 ids
  /// $1 name, $2 description, $3 price, $4 in_stock
  const Statement& create_one() const { return create_one_; }
  /// The same as arrays. Rows come back in the arrays' order: ORDER BY feeds INSERT, and RETURNING follows
  /// insertion.
  const Statement& create_many() const { return create_many_; }
  /// $1 ids, $2 names, $3 set_description, $4 descriptions, $5 prices, $6 in_stocks: null keeps the stored
  /// value, and set_description tells "set it to null" from "keep it". No id twice.
  const Statement& update_many() const { return update_many_; }
  const Statement& delete_many() const { return delete_many_; }  ///< $1 ids; returns the ids that were there
  const Statement& ping() const { return ping_; }
  /// $1, $2 text: statement_timeout and lock_timeout of the session, with units.
  const Statement& set_timeouts() const { return set_timeouts_; }
  /// Makes the session plan its statements again, at the next use of each.
  const Statement& discard_plans() const { return discard_plans_; }

  /// The list statement for this query's shape and its parameters, appended to `params`. Returns limit + 1
  /// rows, so that a full page knows whether another follows; with `count` the first column is the total and
  /// one row at least comes back.
  Statement list(const items::ListQuery& query, Params& params) const;

 private:
  std::string table_;
  Statement read_one_, read_many_, create_one_, create_many_, update_many_, delete_many_, ping_,
      set_timeouts_, discard_plans_;
};

/// Reads one item from the columns id, name, description, price, in_stock starting at `column`.
items::Item item_at(const Rows& rows, int row, int column = 0);

/// Reads the answer of a list statement.
items::ItemPage page_of(const Rows& rows, const items::ListQuery& query);

}  // namespace troupe::postgres
