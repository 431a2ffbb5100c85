#pragma once

#include <memory>

#include "sim/material/material.hpp"

namespace troupe::sim {

/// As items_material, for an outside server: ids of its items may be texts as well as numbers.
std::shared_ptr<const Material> outside_material(const Scenario& scenario);

}  // namespace troupe::sim
