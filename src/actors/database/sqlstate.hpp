#pragma once

#include <string_view>

#include "actors/database/command_queue.hpp"

namespace troupe::actors {

/// What a refused statement means for its commands. `sqlstate`: PostgreSQL, Appendix A.
Failure failure_for(std::string_view sqlstate);

/// May the rows of a refused multi-row statement succeed one by one? Not when time ran out.
bool worth_running_alone(const Batch& batch, std::string_view sqlstate);

}  // namespace troupe::actors
