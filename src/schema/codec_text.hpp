#pragma once

#include "schema/column.hpp"

// What crosses as text and is judged by its characters.

namespace troupe::schema {

extern const Codec text_codec;
extern const Codec uuid_codec;
extern const Codec enumeration_codec;
/// Types that only PostgreSQL knows, through their text form.
extern const Codec other_codec;

/// Holds a text against what every text of PostgreSQL is: valid UTF-8 without U+0000. nullopt: it is.
std::optional<ValueFault> check_text(std::string_view text);

// The forms of all that is text in JSON and MessagePack.
void write_json_text(std::string_view wire, const Column& column, std::string& out);
void write_msgpack_text(std::string_view wire, const Column& column, std::string& out);

}  // namespace troupe::schema
