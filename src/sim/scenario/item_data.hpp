#pragma once

#include <array>
#include <string>
#include <string_view>

#include "sim/scenario/data_rows.hpp"

namespace troupe::sim {

/// What an item has that users write.
inline constexpr std::array<std::string_view, 4> item_columns{"name", "description", "price", "in_stock"};

/// Whether the data can be items (`item_columns`): the fault of the first column
/// or row that cannot, or an empty text.
std::string fault_as_items(const DataRows& data);

}  // namespace troupe::sim
