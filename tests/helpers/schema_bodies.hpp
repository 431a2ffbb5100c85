#pragma once

#include <bit>
#include <boost/endian/conversion.hpp>
#include <cmath>
#include <string>
#include <string_view>
#include <vector>

#include "helpers/item_bodies.hpp"
#include "schema/body.hpp"
#include "schema/masks.hpp"
#include "schema/number_text.hpp"

namespace troupe::tests {

inline schema::Type type_of(schema::TypeKind kind, std::string name = "t") {
  schema::Type type;
  type.kind = kind;
  type.name = std::move(name);
  return type;
}

inline schema::Column column_of(std::string name, schema::Type type, bool nullable = true) {
  schema::Column column;
  column.name = std::move(name);
  column.type = std::move(type);
  column.nullable = nullable;
  return column;
}

/// The table of the built-in API.
inline schema::Resource items_resource() {
  using schema::TypeKind;
  schema::Resource items;
  items.singular = "item";
  auto id = column_of("id", type_of(TypeKind::integer), false);
  id.writable = false;
  auto name = column_of("name", type_of(TypeKind::text), false);
  name.rules.min_length = 1;
  name.rules.max_length = 100;
  auto description = column_of("description", type_of(TypeKind::text));
  description.rules.max_length = 2000;
  auto price = column_of("price", type_of(TypeKind::real), false);
  price.rules.min = "0";
  auto in_stock = column_of("in_stock", type_of(TypeKind::boolean), false);
  in_stock.has_default = true;
  items.columns = {id, name, description, price, in_stock};
  items.key = {0};
  items.finish();
  return items;
}

/// A table of one column, "v", and no key.
inline schema::Resource resource_of(schema::Column column) {
  schema::Resource resource;
  resource.singular = "row";
  column.name = "v";
  resource.columns = {std::move(column)};
  resource.finish();
  return resource;
}

inline std::string shown(std::string_view bytes, schema::WireForm form) {
  const auto whole = [&] {
    return boost::endian::load_big_s64(reinterpret_cast<const unsigned char*>(bytes.data()));
  };
  std::string text;
  switch (form) {
    case schema::WireForm::boolean:
      return bytes.front() != 0 ? "t" : "f";
    case schema::WireForm::integer:
      return std::to_string(whole());
    case schema::WireForm::real: {
      const auto number = std::bit_cast<double>(whole());
      if (!std::isfinite(number)) return std::to_string(number);
      schema::append_number(number, text);
      return text;
    }
    default:
      return std::string(bytes);
  }
}

/// Takes the element that `rest` begins with.
inline std::string take_element(std::string_view& rest, schema::WireForm form) {
  REQUIRE(rest.size() >= 4);
  const auto size = boost::endian::load_big_s32(reinterpret_cast<const unsigned char*>(rest.data()));
  rest.remove_prefix(4);
  if (size < 0) return "null";
  REQUIRE(rest.size() >= static_cast<std::size_t>(size));
  const std::string text = shown(rest.substr(0, static_cast<std::size_t>(size)), form);
  rest.remove_prefix(static_cast<std::size_t>(size));
  return text;
}

/// Rows as people read them: "5: Lamp|null|2.0|null; …", the mask in front.
inline std::string shown(const schema::BodyRows& rows, const schema::Resource& resource,
                         const std::vector<std::size_t>& columns) {
  std::string text;
  std::string_view rest = rows.elements;
  for (std::size_t row = 0; row < rows.count; ++row) {
    if (row > 0) text += "; ";
    for (std::size_t i = 0; i < schema::Masks::words_for(columns.size()); ++i) {
      text += take_element(rest, schema::WireForm::integer) + ": ";
    }
    for (std::size_t i = 0; i < columns.size(); ++i) {
      if (i > 0) text += '|';
      text += take_element(rest, resource.columns[columns[i]].wire_form());
    }
  }
  CHECK(rest.empty());
  return text;
}

/// The rows, or what is wrong with the body.
inline std::string outcome(const schema::BodyResult<schema::BodyRows>& rows, const schema::Resource& resource,
                           const std::vector<std::size_t>& columns) {
  if (rows) return shown(*rows, resource, columns);
  const auto& error = rows.error();
  if (error.kind == schema::BodyError::Kind::invalid) return summary(error.faults);
  return error.detail;
}

inline std::string created(const schema::Resource& resource, ContentFormat format, std::string_view body,
                           std::size_t max_rows = 100) {
  return outcome(schema::read_new_rows(resource, format, body, max_rows), resource, resource.insertable());
}

inline std::string changed(const schema::Resource& resource, ContentFormat format, std::string_view body) {
  return outcome(schema::read_change(resource, format, body), resource, resource.updatable());
}

inline std::string replaced(const schema::Resource& resource, ContentFormat format, std::string_view body) {
  return outcome(schema::read_replacement(resource, format, body), resource, resource.updatable());
}

}  // namespace troupe::tests
