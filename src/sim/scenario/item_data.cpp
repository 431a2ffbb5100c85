#include "sim/scenario/item_data.hpp"

#include <spdlog/fmt/fmt.h>

#include "support/parse.hpp"
#include "support/text_width.hpp"

namespace troupe::sim {
namespace {

constexpr std::size_t max_name_length = 100;          // characters, as schema::items_entry has it
constexpr std::size_t max_description_length = 2000;  // the same

/// Code points, as the limits of an item count them.
std::string fault_of_value(std::string_view column, std::string_view value) {
  if (column == "name" && (value.empty() || text_width(value) > max_name_length)) {
    return fmt::format("name must have 1 to {} characters", max_name_length);
  }
  if (column == "description" && text_width(value) > max_description_length) {
    return fmt::format("description must have at most {} characters", max_description_length);
  }
  if (column == "price") {
    const auto price = parse_number(value);
    if (!price || *price < 0) return fmt::format("price '{}' is not a number from 0 up", value);
  }
  if (column == "in_stock" && value != "true" && value != "false") {
    return fmt::format("in_stock '{}' is neither true nor false", value);
  }
  return {};
}

}  // namespace

std::string fault_as_items(const DataRows& data) {
  if (!data.column("name")) return "has no column 'name', which create and update need";
  for (const auto name : item_columns) {
    const auto column = data.column(name);
    if (!column) continue;
    for (std::size_t i = 0; i < data.rows.size(); ++i) {
      if (const auto fault = fault_of_value(name, data.rows[i][*column]); !fault.empty()) {
        return fmt::format("data row {}: {}", i + 1, fault);
      }
    }
  }
  return {};
}

}  // namespace troupe::sim
