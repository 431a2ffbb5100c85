#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include "schema/resource.hpp"

namespace troupe::schema {

/// The place of a column, by name, in a resource that is not finished.
std::optional<std::size_t> place_of(const Resource& resource, std::string_view column);

/// A table's name made fit for a path: whatever needs to be encoded in one becomes "-". With both slashes.
std::string path_of(std::string_view table);

/// Draws the conclusions once columns, key and privileges are known, and calls finish(): who chooses the key,
/// what can be done without one, and constraints that speak of shown columns only.
void settle(Resource& resource);

}  // namespace troupe::schema
