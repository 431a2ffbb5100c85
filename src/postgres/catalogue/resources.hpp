#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "schema/file/resource_file.hpp"
#include "schema/resource.hpp"
#include "support/result.hpp"

namespace troupe::postgres {

/// What is to be served.
struct ResourceRequest {
  /// Absent: every table with a primary key on the search_path. `schema::ResourceFile{"", {items_entry(…)}}`:
  /// the built-in items.
  std::optional<schema::ResourceFile> file{};
};

/// Reads the resources from the catalogue, in the file's order or by name. A table that is missing is made
/// only where the file says create = true. Blocks on its own connection, each step bounded by `timeout`: for
/// start-up and reloads. Errors: invalid_argument, one line with file and line, for what does not fit;
/// unavailable or timed_out for the database.
Result<std::vector<schema::Resource>> load_resources(const std::string& conninfo,
                                                     std::chrono::milliseconds timeout,
                                                     const ResourceRequest& request);

}  // namespace troupe::postgres
