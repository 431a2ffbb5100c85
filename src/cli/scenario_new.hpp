#pragma once

#include <string>
#include <vector>

namespace troupe::cli {

/// `troupe scenario new`: writes a scenario from an OpenAPI document or a HAR file. Returns the exit code.
int scenario_new(const std::vector<std::string>& arguments);

}  // namespace troupe::cli
