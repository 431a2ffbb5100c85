#pragma once

#include <string>
#include <vector>

namespace troupe::cli {

/// `troupe compare`. Returns the exit code.
int compare(const std::vector<std::string>& arguments);

}  // namespace troupe::cli
