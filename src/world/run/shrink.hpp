#pragma once

#include <functional>
#include <vector>

#include "world/faults/fault.hpp"

namespace troupe::world {

/// Leaves out of a schedule what its failure does not need: halves and ever smaller parts, as long as
/// `still_fails` (delta debugging: Zeller, Hildebrandt 2002). It must fail with all of `faults`.
std::vector<Fault> shrink(std::vector<Fault> faults,
                          const std::function<bool(const std::vector<Fault>&)>& still_fails);

}  // namespace troupe::world
