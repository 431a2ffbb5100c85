#pragma once

#include <string>

namespace troupe::tests {

/// Tables that are hard to copy, with some thousands of rows: quoted names, types and functions of their own,
/// keys in circles, partitions whose columns have another order, sequences, an exclusion. SQL, for an empty
/// database; `marks`, `self`, `fast` and `"no columns"` bring all others along.
const std::string& nasty_tables_sql();

}  // namespace troupe::tests
