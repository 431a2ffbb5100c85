#pragma once

#include <string_view>

#include "sim/import/schema_sample.hpp"

namespace troupe::sim {

/// A text that the schema of a string lets through, as far as its format and lengths say: patterns are not
/// looked at. Without quotes. `name` is the property's own.
SampleText string_sample(const SchemaParts& schema, std::string_view name);

/// A number within the schema's bounds.
SampleText number_sample(const SchemaParts& schema);

}  // namespace troupe::sim
