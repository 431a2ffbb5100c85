#pragma once

#include <string>
#include <vector>

namespace troupe::cli {

/// `troupe scenarios`: lists what --scenario takes by name. Returns the exit code.
int scenarios(const std::vector<std::string>& arguments);

}  // namespace troupe::cli
