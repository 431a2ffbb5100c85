#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "helpers/virtual_time.hpp"
#include "sim/load/plan.hpp"
#include "sim/measure/interval.hpp"
#include "sim/measure/waterfall.hpp"
#include "sim/transport/transport.hpp"

namespace troupe::tests {

/// All users of a plan, from now to their end, in virtual time, on the items API. `items`: ids of items that
/// exist; `waterfall` may be null.
void run_swarm(VirtualTime& time, const sim::Plan& plan, sim::Transport& transport,
               const std::vector<std::int64_t>& items, sim::Waterfall* waterfall,
               const std::function<void(sim::Interval)>& on_interval);

}  // namespace troupe::tests
