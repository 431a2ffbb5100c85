#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "schema/resource.hpp"
#include "schema/row_writer.hpp"

namespace troupe::http {

/// The key that a path names, as elements: `segments` are the path's last ones, percent-encoded, one for each
/// of the key's columns in their order. nullopt: no row can have such a key.
std::optional<std::string> key_elements(const schema::Resource& resource, std::string_view segments);

/// The same for people: "id 5", "order_id 1 and line 2".
std::string key_text(const schema::Resource& resource, std::string_view segments);

/// Appends a key's value as a segment of a path, percent-encoded.
void append_segment(const schema::Column& column, schema::Cell cell, std::string& path);

}  // namespace troupe::http
