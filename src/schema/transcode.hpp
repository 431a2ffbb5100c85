#pragma once

#include <string>
#include <string_view>

namespace troupe::schema {

/// Appends a JSON text as MessagePack: whole numbers that fit as integers, others as float 64. A text that is
/// no JSON to us (a lone surrogate's escape, which PostgreSQL's json keeps) becomes a str of itself.
void append_json_as_msgpack(std::string_view json, std::string& out);

}  // namespace troupe::schema
