#pragma once

#include <cstddef>
#include <string>

#include "schema/column.hpp"
#include "schema/row_writer.hpp"

namespace troupe::http {

/// Appends a field of a form for this column of a row that is to be made: at first its default, null, or
/// nothing. `place` names it in the page. Pure; from any thread.
void append_new_field(const schema::Column& column, std::size_t place, std::string& out);

/// The same for a row that is there and has this value.
void append_field(const schema::Column& column, std::size_t place, schema::Cell cell, std::string& out);

}  // namespace troupe::http
