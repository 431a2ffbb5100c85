#pragma once

#include <string>
#include <string_view>

#include "schema/column.hpp"

namespace troupe::schema {

/// A value (not null) as PostgreSQL sent it, or as an element of it, in the text that Codec::parse reads:
/// what a path segment or query parameter holds before it is percent-encoded. Pure; from any thread.
std::string value_text(const Column& column, std::string_view wire);

}  // namespace troupe::schema
