#pragma once

#include "schema/column.hpp"

namespace troupe::schema {

/// json and jsonb: any value.
extern const Codec json_codec;

/// Writes what is JSON on PostgreSQL's wire into JSON.
void write_json_raw(std::string_view wire, const Column& column, std::string& out);
/// The same into MessagePack.
void write_msgpack_raw(std::string_view wire, const Column& column, std::string& out);

}  // namespace troupe::schema
