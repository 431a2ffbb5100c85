#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>

#include "schema/resource.hpp"
#include "schema/row_writer.hpp"

namespace troupe::http {

// Forms that write. Our script sends them as JSON (web/pages): a body of a form's own type is refused, since
// a page of another origin could send one. Without the script they are not shown.

/// Appends the form that makes a row; nothing where none can be made. Pure; from any thread.
void append_create_form(const schema::Resource& resource, std::string& out);

/// A row as its forms want it.
struct FormRow {
  std::string_view path, tag;           ///< where it is, and its entity tag; empty: it has none
  std::span<const std::size_t> places;  ///< of the columns that are shown
  std::function<schema::Cell(std::size_t place)> cell;
};

/// Appends the forms that change and remove it, as far as that can be done.
void append_row_forms(const schema::Resource& resource, const FormRow& row, std::string& out);

}  // namespace troupe::http
