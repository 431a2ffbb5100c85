#pragma once

#include <string>
#include <vector>

namespace troupe::cli {

/// `troupe sweep`. Returns the exit code.
int sweep(const std::vector<std::string>& arguments);

}  // namespace troupe::cli
