#pragma once

#include "schema/column.hpp"

// Dates and times: texts whose form is judged here, and passed on as they are.

namespace troupe::schema {

extern const Codec date_codec;
extern const Codec time_codec;
extern const Codec timestamp_codec;
extern const Codec timestamptz_codec;
extern const Codec interval_codec;

}  // namespace troupe::schema
