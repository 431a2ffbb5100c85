#pragma once

#include <string>

#include "sim/scenario/data_rows.hpp"

namespace troupe::sim {

/// Whether the data can be items (columns name, description, price, in_stock): the fault of the first column
/// or row that cannot, or an empty text.
std::string fault_as_items(const DataRows& data);

}  // namespace troupe::sim
