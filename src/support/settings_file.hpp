#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "support/result.hpp"

namespace troupe {

/// A configuration file as it was read.
struct ConfigFile {
  std::string path;  ///< as messages name it
  std::string text;
};

/// One `key = value` of a configuration file.
struct FileValue {
  std::string key;
  std::string text;  ///< as a flag would take it
  std::size_t line;
};

/// Reads `file` as TOML and checks that its keys are known and its types right; the values' bounds are not
/// looked at. Pure.
Result<std::vector<FileValue>> parse_config(const ConfigFile& file);

}  // namespace troupe
