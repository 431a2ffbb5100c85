#pragma once

#include <string>
#include <string_view>

namespace troupe::postgres {

// The statements that read PostgreSQL's catalogue. Names are texts, numbers int8, lists JSON arrays of texts.

/// The tables of $1 (text[]: quoted names; null: all that are served of themselves).
std::string_view tables_sql();
/// The readable columns of the tables $1 (int8[] of oids), with their types below domains.
std::string columns_sql();
/// The types $1 (int8[] of oids) with the modifiers $2 (int8[]), in their order, below domains; behind an
/// array's its element's.
std::string types_sql();
/// The constraints and unique indexes of the tables $1 and their partitions.
std::string_view constraints_sql();

}  // namespace troupe::postgres
