#pragma once

#include <string>
#include <vector>

#include "schema/resource.hpp"

namespace troupe::http {

/// What the segments of a row's path are called, one for each of the key's columns: their names, whatever
/// they are made of, and each only once.
std::vector<std::string> key_parameters(const schema::Resource& resource);

/// "/lines/{order_id}/{number}"
std::string row_path_of(const schema::Resource& resource);

}  // namespace troupe::http
