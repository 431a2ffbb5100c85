#pragma once

#include <filesystem>
#include <optional>
#include <span>
#include <vector>

#include "support/result.hpp"

namespace troupe::postgres {

/// An installed PostgreSQL server.
struct ServerBinaries {
  std::filesystem::path initdb;
  std::filesystem::path postgres;
  int major_version = 0;
};

/// Where a server can be: the directories of PATH, then Debian's /usr/lib/postgresql/*/bin, highest version
/// first.
std::vector<std::filesystem::path> server_search_path();

/// The first server in `directories`, or the first with `wanted_major` (that of an existing cluster). The
/// error says what to install.
Result<ServerBinaries> find_server(std::span<const std::filesystem::path> directories,
                                   std::optional<int> wanted_major);

}  // namespace troupe::postgres
