#pragma once

#include "schema/column.hpp"

namespace troupe::schema {

/// Exact decimal numbers: digits in, digits out, never through a double.
extern const Codec numeric_codec;

}  // namespace troupe::schema
