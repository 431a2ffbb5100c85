#pragma once

#include <string>
#include <vector>

namespace troupe::cli {

/// `troupe copies`: lists the copies of databases that simulate and sweep have made on a server, and removes
/// those that a crash left there. Returns the exit code.
int copies(const std::vector<std::string>& arguments);

}  // namespace troupe::cli
