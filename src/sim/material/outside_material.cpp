#include "sim/material/outside_material.hpp"

#include "schema/file/declared_table.hpp"
#include "schema/file/items_resource.hpp"

namespace troupe::sim {

std::shared_ptr<const Material> outside_material(const Scenario& scenario) {
  auto entry = schema::items_entry("items");
  for (auto& column : entry.columns) {
    if (column.key) column.type = "text";
  }
  auto served = postgres::serve_resources({schema::declared_resource(entry, {}).value()});
  return make_material(scenario, {std::move(served), {}}, nullptr, 0).value();
}

}  // namespace troupe::sim
