#pragma once

#include <filesystem>
#include <string>

#include "support/result.hpp"

namespace troupe {

/// All bytes of a file. Error: invalid_argument, "cannot read PATH: why".
Result<std::string> read_file(const std::filesystem::path& path);

}  // namespace troupe
