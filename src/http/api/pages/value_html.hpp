#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "schema/column.hpp"
#include "schema/row_writer.hpp"

namespace troupe::http {

/// What stands for null.
inline constexpr std::string_view null_html = "<i>null</i>";

/// A table shows no more of a value than this, in bytes of PostgreSQL's; the row's own page shows all.
constexpr std::size_t short_value = 240;

/// Appends what PostgreSQL sent as text in HTML: what JSON says of it, a string without its quotes. Escaped;
/// pure; from any thread.
void append_value(const schema::Column& column, std::string_view wire, std::string& out);

/// The same for a cell of a table: null, and at most the front of a long value.
void append_short_value(const schema::Column& column, schema::Cell cell, std::string& out);

/// The value as text, not escaped.
std::string value_text(const schema::Column& column, std::string_view wire);

/// Are values of the column numbers, to be set one under the other?
bool is_number(const schema::Column& column);

}  // namespace troupe::http
