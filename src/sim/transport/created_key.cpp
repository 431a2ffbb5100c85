#include "sim/transport/created_key.hpp"

#include <boost/url/decode_view.hpp>

#include "postgres/catalogue/served_resource.hpp"
#include "schema/body.hpp"
#include "schema/element.hpp"

namespace troupe::sim {
namespace {

/// `text` as a path would name the row.
RowKey key_of_text(const schema::Column& column, std::string_view text) {
  RowKey key;
  if (text.empty() || column.codec->parse(text, column, key)) return {};
  return key;
}

/// The number that a body shows as an item's id.
RowKey numeric_id(const schema::Column& column, std::string_view body) {
  static const auto numbered = postgres::declared_items();
  const auto shown = schema::read_shown_key(numbered->resource, body);
  if (!shown) return {};
  std::string_view elements = *shown;
  const auto value = schema::take_element(elements);
  return value ? key_of_text(column, std::to_string(schema::integer_of(*value))) : RowKey();
}

RowKey last_segment(const schema::Column& column, std::string_view location) {
  auto path = location.substr(0, location.find_first_of("?#"));
  if (const auto scheme = path.find("://"); scheme != std::string_view::npos) {
    path.remove_prefix(scheme + 3);
    path.remove_prefix(std::min(path.find('/'), path.size()));
  }
  while (path.ends_with('/')) path.remove_suffix(1);
  const auto decoded = boost::urls::make_pct_string_view(path.substr(path.rfind('/') + 1));
  return decoded ? key_of_text(column, decoded->decode()) : RowKey();
}

}  // namespace

RowKey created_key(const schema::Resource& resource, std::string_view body, std::string_view location) {
  if (auto shown = schema::read_shown_key(resource, body)) return *std::move(shown);
  if (resource.key.size() != 1) return {};
  const auto& column = resource.columns[resource.key.front()];
  if (column.type.kind == schema::TypeKind::text && column.name == "id") {
    if (auto key = numeric_id(column, body); !key.empty()) return key;
  }
  return last_segment(column, location);
}

}  // namespace troupe::sim
