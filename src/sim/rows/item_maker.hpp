#pragma once

#include <optional>
#include <string>
#include <vector>

#include "schema/resource.hpp"
#include "sim/rows/value_maker.hpp"
#include "sim/scenario/data_rows.hpp"

namespace troupe::sim {

/// Makers for the items API's columns: from rows of the data where they have a column `name` (and, if they
/// like, `description`, `price` and `in_stock`), else made up.
std::vector<ValueMaker> item_values(const schema::Resource& items, const DataRows* data);

}  // namespace troupe::sim
