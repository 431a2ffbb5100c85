#pragma once

#include <string>
#include <vector>

namespace troupe::cli {

/// `troupe simulate` with its arguments (without the word itself). Returns the process's exit code (see
/// ExitCode).
int simulate(const std::vector<std::string>& arguments);

}  // namespace troupe::cli
