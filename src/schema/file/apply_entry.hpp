#pragma once

#include <cstddef>
#include <string>

#include "schema/file/resource_file.hpp"
#include "support/result.hpp"

namespace troupe::schema {

/// What is wrong with a resource of a file: `FILE:LINE: resource "NAME": what`.
Error entry_fault(const std::string& file, std::size_t line, const ResourceEntry& entry,
                  const std::string& what);

/// Lays what a file says of a resource over what the catalogue knows, and finishes the resource. Error: one
/// line that names what does not go together, with what there is.
Result<Resource> apply(const ResourceEntry& entry, Resource from_catalogue, const std::string& file);

}  // namespace troupe::schema
