#pragma once

#include <string_view>

#include "schema/resource.hpp"
#include "sim/rows/row_key.hpp"

namespace troupe::sim {

/// The key of the row that a create has made: what the answer's body shows, where the key is a text also as a
/// number; else the last segment of its Location. Empty: neither names one. Pure.
RowKey created_key(const schema::Resource& resource, std::string_view body, std::string_view location);

}  // namespace troupe::sim
