#pragma once

#include <string>

#include "support/result.hpp"

namespace troupe::postgres {

/// The `items` table as found in the database: what the SQL needs to know of it.
struct ItemTable {
  std::string quoted_name;                      ///< ready to be put into SQL: "items" or "shop"."items"
  std::string price_type = "double precision";  ///< as format_type prints it: numeric(10,2) in Django's and many others
};

/// Makes the table when it is missing and checks that it can hold items: columns id (any integer type with a default), name,
/// description, price, in_stock of fitting types, and no other column that must be filled. Blocks on its own connection, bounded by
/// `timeout_seconds`: for start-up only. `table` is `name` or `schema.name` as in database.table. Safe when several processes start at once.
Result<ItemTable> prepare_item_table(const std::string& conninfo, const std::string& table, int timeout_seconds);

}  // namespace troupe::postgres
