#pragma once

#include "schema/column.hpp"

namespace troupe::schema {

/// Arrays: a JSON list becomes PostgreSQL's text for an array, and comes back through to_json.
extern const Codec array_codec;

}  // namespace troupe::schema
