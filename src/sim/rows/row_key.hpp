#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "schema/resource.hpp"

namespace troupe::sim {

/// Which row a request is about: the key's values as PostgreSQL array elements (schema/element.hpp), so that
/// a message carries them as they are; of one integer it needs no memory of its own. Empty: none.
using RowKey = std::string;

/// The key of an item.
RowKey integer_key(std::int64_t id);

/// The key's values as texts, in the key's order. `key` is not empty.
std::vector<std::string> key_texts(const schema::Resource& resource, std::string_view key);

}  // namespace troupe::sim
