#pragma once

#include <string>

namespace troupe::tests {

/// The tables of a shop and of a film rental, as people have them: enums, arrays, numeric, timestamps,
/// composite and text keys, and the traps that tables hold. SQL, for an empty database.
const std::string& shop_sql();

}  // namespace troupe::tests
