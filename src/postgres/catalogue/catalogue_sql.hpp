#pragma once

#include <string_view>

namespace troupe::postgres {

// The statements that read PostgreSQL's catalogue. Names are texts, numbers int8, lists JSON arrays of texts.

/// The tables of $1 (text[]: quoted names; null: all that are served of themselves).
std::string_view tables_sql();
/// The readable columns of the tables $1 (int8[] of oids), with their types below domains.
std::string_view columns_sql();
/// The constraints and unique indexes of the tables $1 and their partitions.
std::string_view constraints_sql();

}  // namespace troupe::postgres
