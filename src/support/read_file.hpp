#pragma once

#include <cstddef>
#include <filesystem>
#include <limits>
#include <string>

#include "support/result.hpp"

namespace troupe {

/// All bytes of a file. Error: invalid_argument, "cannot read PATH: why"; also when it has more than `most`.
Result<std::string> read_file(const std::filesystem::path& path,
                              std::size_t most = std::numeric_limits<std::size_t>::max());

}  // namespace troupe
