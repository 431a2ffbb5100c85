#pragma once

#include <string>

#include "schema/file/resource_file.hpp"

namespace troupe::schema {

/// The resource that is built in: items, in `table` (`name` or `schema.name`), which is made when it is
/// missing.
ResourceEntry items_entry(const std::string& table);

}  // namespace troupe::schema
