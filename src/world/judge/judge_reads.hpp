#pragma once

#include <string>

#include "world/judge/timeline.hpp"
#include "world/load/exchange.hpp"
#include "world/tables/world_table.hpp"

namespace troupe::world {

/// What is wrong with the answer to a read or list; empty: nothing.
std::string fault_of_read(const WorldTable& table, const Timeline& timeline, const Exchange& exchange);

/// Was there a moment between the request and its answer at which no row had the key?
bool was_absent(const Timeline& timeline, const Exchange& exchange);

}  // namespace troupe::world
