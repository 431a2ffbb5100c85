#include "http/api/cursor.hpp"

#include <boost/algorithm/hex.hpp>
#include <iterator>

#include "schema/element.hpp"
#include "schema/text.hpp"

namespace troupe::http {
namespace {

/// Is this, which may come from anybody, an element of the column's form? Takes it off.
bool take_valid(const schema::Column& column, std::string_view& elements) {
  if (elements.size() < schema::element_header) return false;
  const auto length = schema::element_length(elements.data());
  if (length < -1 || schema::element_size(elements.data()) > elements.size()) return false;
  const auto value = schema::take_element(elements);
  if (!value) return true;
  switch (column.wire_form()) {
    case schema::WireForm::boolean:
      return value->size() == 1;
    case schema::WireForm::integer:
    case schema::WireForm::real:
      return value->size() == 8;
    case schema::WireForm::bytes:
      return true;
    case schema::WireForm::text:
      break;
  }
  const auto facts = schema::inspect_text(*value);
  return facts.valid_utf8 && !facts.has_nul;
}

}  // namespace

bool is_number_cursor(const schema::Resource& resource, std::span<const schema::OrderTerm> order) {
  return order.size() == 1 && resource.columns[order.front().place].wire_form() == schema::WireForm::integer;
}

std::string write_cursor(const schema::Resource& resource, std::span<const schema::OrderTerm> order,
                         std::string_view elements) {
  if (is_number_cursor(resource, order)) {
    const auto value = schema::take_element(elements);
    if (value) return std::to_string(schema::integer_of(*value));
  }
  std::string text;
  boost::algorithm::hex_lower(elements.begin(), elements.end(), std::back_inserter(text));
  return text;
}

std::optional<std::string> read_cursor(const schema::Resource& resource,
                                       std::span<const schema::OrderTerm> order, std::string_view text) {
  std::string elements;
  if (is_number_cursor(resource, order)) {
    const auto& column = resource.columns[order.front().place];
    if (column.codec->parse(text, column, elements)) return std::nullopt;
    return elements;
  }
  try {
    boost::algorithm::unhex(text.begin(), text.end(), std::back_inserter(elements));
  } catch (const boost::algorithm::hex_decode_error&) {
    return std::nullopt;
  }
  std::string_view rest = elements;
  for (const auto& term : order) {
    if (!take_valid(resource.columns[term.place], rest)) return std::nullopt;
  }
  if (!rest.empty()) return std::nullopt;
  return elements;
}

}  // namespace troupe::http
