#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "schema/column.hpp"

namespace troupe::schema {

/// Appends a value as PostgreSQL sent it in the form in which it takes it as an element: numbers widened to 8
/// bytes.
void append_parameter(const Column& column, std::optional<std::string_view> cell, std::string& out);

}  // namespace troupe::schema
