#pragma once

#include "schema/column.hpp"

// Truth values, whole numbers and floats, which cross PostgreSQL's wire in binary.

namespace troupe::schema {

extern const Codec boolean_codec;
extern const Codec integer_codec;
extern const Codec real_codec;

}  // namespace troupe::schema
