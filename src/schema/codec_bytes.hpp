#pragma once

#include "schema/column.hpp"

namespace troupe::schema {

/// Bytes: base64 in JSON, bin (or base64) in MessagePack.
extern const Codec bytes_codec;
/// Bytes as an element of an array, which is PostgreSQL's text for them: \x and hexadecimal digits.
extern const Codec hex_bytes_codec;

}  // namespace troupe::schema
