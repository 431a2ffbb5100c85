#include "sim/scenario/scenario.hpp"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <array>

#include "support/parse.hpp"
#include "support/text_width.hpp"

namespace troupe::sim {
namespace {

constexpr std::array<std::string_view, 6> operation_names{"list",   "create", "get",
                                                          "update", "delete", "request"};
constexpr std::array<std::string_view, 4> item_columns{"name", "description", "price", "in_stock"};

ItemValues item_from(const DataRows& data, const std::vector<std::string>& row) {
  ItemValues item;
  for (std::size_t i = 0; i < row.size(); ++i) {
    if (data.columns[i] == "name") item.name = row[i];
    if (data.columns[i] == "description" && !row[i].empty()) item.description = row[i];
    if (data.columns[i] == "price") item.price = parse_number(row[i]).value();
    if (data.columns[i] == "in_stock") item.in_stock = row[i] == "true";
  }
  return item;
}

/// Code points, as the limits of an item count them.
std::string fault_of_value(std::string_view column, std::string_view value) {
  if (column == "name" && (value.empty() || text_width(value) > ItemValues::max_name_length)) {
    return fmt::format("name must have 1 to {} characters", ItemValues::max_name_length);
  }
  if (column == "description" && text_width(value) > ItemValues::max_description_length) {
    return fmt::format("description must have at most {} characters", ItemValues::max_description_length);
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

std::string_view to_string(Operation operation) {
  return operation_names[static_cast<std::size_t>(operation)];
}

bool Checks::status_ok(int code) const {
  if (status.empty()) return code >= 200 && code < 300;
  return std::find(status.begin(), status.end(), code) != status.end();
}

bool Scenario::creates_items() const {
  return std::ranges::any_of(tasks, [](const Task& task) { return task.operation == Operation::create; });
}

bool Scenario::needs_items() const {
  return std::ranges::any_of(tasks, &Task::needs_key);
}

const std::vector<std::string>* Scenario::pick_row(Rng& rng) const {
  return data ? &data->rows[rng.below(data->rows.size())] : nullptr;
}

ItemValues Scenario::new_item(Rng& rng) const {
  if (data && data->column("name")) return item_from(*data, *pick_row(rng));
  ItemValues item;
  item.name = fmt::format("item {:08x}", rng() >> 32);
  item.description = "made by troupe simulate";
  item.price = static_cast<double>(1 + rng.below(99'999)) / 100;
  item.in_stock = rng.below(4) != 0;
  return item;
}

std::string Scenario::why_http() const {
  for (const auto& task : tasks) {
    if (task.operation == Operation::request)
      return fmt::format("task '{}' is an HTTP request of its own", task.name);
    if (!task.checks.body_contains.empty()) return fmt::format("task '{}' looks into HTTP bodies", task.name);
  }
  return {};
}

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
