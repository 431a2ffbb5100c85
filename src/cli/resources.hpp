#pragma once

#include <string>
#include <vector>

namespace troupe::cli {

/// `troupe resources`: prints a resource file for the tables of a database. Returns the process's exit code.
int resources(const std::vector<std::string>& arguments);

}  // namespace troupe::cli
