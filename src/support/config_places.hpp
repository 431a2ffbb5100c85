#pragma once

#include <filesystem>
#include <optional>
#include <string_view>
#include <vector>

namespace troupe {

/// Where a file or directory of config/ may be, the first place first: config/NAME here, in the source tree
/// that the binary was built in, and in share/troupe of the prefix that it was installed to.
std::vector<std::filesystem::path> config_places(std::string_view name);

/// The first of these places where something is; nothing: there is none.
std::optional<std::filesystem::path> find_config(std::string_view name);

}  // namespace troupe
