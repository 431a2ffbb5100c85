#pragma once

#include <span>
#include <string>

#include "schema/resource.hpp"

namespace troupe::schema {

/// A resource file for these resources, as the catalogue has them: what it sets is what holds without it, and
/// comments tell the columns and what can be set. `parse_resource_file` reads it.
std::string resource_file_text(std::span<const Resource> resources);

}  // namespace troupe::schema
