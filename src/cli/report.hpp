#pragma once

#include <string>
#include <vector>

namespace troupe::cli {

/// `troupe report` with its arguments: makes the other outputs from a result file, or prints the table.
int report(const std::vector<std::string>& arguments);

}  // namespace troupe::cli
