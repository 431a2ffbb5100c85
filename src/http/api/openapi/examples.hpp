#pragma once

#include <boost/json/value.hpp>
#include <optional>

#include "schema/column.hpp"

namespace troupe::http {

/// A value that a body may have for this column, by its type and rules; nothing where none is known: a type
/// that only PostgreSQL can read, a pattern that is hard to meet. Keys of integers are 1.
std::optional<boost::json::value> example_of(const schema::Column& column);

}  // namespace troupe::http
