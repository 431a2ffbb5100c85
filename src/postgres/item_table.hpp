#pragma once

#include <string>

#include "support/result.hpp"

namespace troupe::postgres {

/// The `items` table as found in the database: what the SQL needs to know of it.
struct ItemTable {
  std::string quoted_name;  ///< ready to be put into SQL: "items" or "shop"."items"
  /// As format_type prints it: numeric(10,2) in Django's and many others.
  std::string price_type = "double precision";
};

/// Makes the table when it is missing and checks that it can hold items: columns id (any integer type with a
/// default), name, description, price, in_stock of fitting types, and no other column that must be filled. An
/// existing table's id can be a smaller integer than int8, its price numeric, in_stock without a default, and
/// name, price and in_stock nullable: SQL that reads it must cast and coalesce. Blocks on its own connection,
/// each step bounded by `timeout_seconds`: for start-up only. `table` is `name` or `schema.name` as in
/// database.table, taken literally (case counts). Safe when several processes start at once. Errors:
/// invalid_argument for a table that does not fit (the message names the column, what it is and what is
/// allowed), unavailable or timed_out for the database.
Result<ItemTable> prepare_item_table(const std::string& conninfo, const std::string& table,
                                     int timeout_seconds);

/// Removes a table that this program has made for itself. Blocks.
Result<void> drop_item_table(const std::string& conninfo, const ItemTable& table, int timeout_seconds);

}  // namespace troupe::postgres
