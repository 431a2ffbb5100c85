#include "schema/parameter.hpp"

#include <bit>

#include "schema/element.hpp"

namespace troupe::schema {

void append_parameter(const Column& column, std::optional<std::string_view> cell, std::string& out) {
  if (!cell) return append_null_element(out);
  if (column.wire_form() == WireForm::integer) return append_integer_element(integer_of(*cell), out);
  if (column.wire_form() == WireForm::real && cell->size() == sizeof(float)) {
    const auto bits = static_cast<std::uint32_t>(integer_of(*cell));
    return append_real_element(std::bit_cast<float>(bits), out);
  }
  append_text_element(*cell, out);
}

}  // namespace troupe::schema
