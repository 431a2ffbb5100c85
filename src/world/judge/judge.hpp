#pragma once

#include <string>
#include <vector>

#include "world/judge/timeline.hpp"
#include "world/load/exchange.hpp"
#include "world/tables/world_table.hpp"

namespace troupe::world {

/// Holds what clients were told against what the database did. Each answer must be one that the request would
/// have had if it had been carried out alone, at some moment between its first byte and its answer:
/// linearizability (Herlihy, Wing 1990), which is easy to decide here because every write carries a mark of
/// its own and the database tells when each row changed. It says that no answered write is lost or done
/// twice, that answers belong to their requests, that nothing read is older than what anybody was told
/// before, and that a batch did what its commands would have done one by one.
///
/// One line for each thing that is wrong.
std::vector<std::string> judge(const std::vector<WorldTable>& tables, const Timeline& timeline,
                               const std::vector<Exchange>& exchanges);

}  // namespace troupe::world
