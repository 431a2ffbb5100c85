#pragma once

#include <string>
#include <vector>

namespace troupe::cli {

/// `troupe auth new-key`: makes a key for the file of `serve --auth`, and prints it. Returns the process's
/// exit code (see ExitCode).
int auth(const std::vector<std::string>& arguments);

}  // namespace troupe::cli
