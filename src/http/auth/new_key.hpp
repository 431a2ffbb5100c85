#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "support/result.hpp"

namespace troupe::http {

/// Makes a key of 256 bits of the system's randomness and appends its hash to the file, as [key.NAME] with
/// these roles; a role that the file does not have is added, and may do nothing. A file that is missing is
/// made, for its owner only. Returns the key, which nothing keeps. Error: the file is none, the name is
/// taken, or it cannot be written.
Result<std::string> add_new_key(const std::filesystem::path& path, const std::string& name,
                                const std::vector<std::string>& roles);

}  // namespace troupe::http
