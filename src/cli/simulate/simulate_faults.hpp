#pragma once

#include <string>
#include <vector>

namespace troupe::cli {

/// `troupe simulate-faults`: the server in simulated worlds, with faults by seed. Returns the exit code.
int simulate_faults(const std::vector<std::string>& arguments);

}  // namespace troupe::cli
