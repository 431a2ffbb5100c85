#pragma once

#include <string>
#include <vector>

namespace troupe::cli {

/// Runs the command line (without the program's name) and returns the exit code. Faults are one line on
/// standard error.
int run(const std::vector<std::string>& arguments);

}  // namespace troupe::cli
