#include "schema/body.hpp"

#include "schema/json_reader.hpp"
#include "schema/masks.hpp"
#include "schema/msgpack_reader.hpp"
#include "schema/row_events.hpp"

namespace troupe::schema {
namespace {

BodyResult<BodyRows> read_rows(const Resource& resource, const BodyShape& shape, ContentFormat format,
                               std::string_view body) {
  RowEvents rows(resource, shape);
  const auto malformed =
      format == ContentFormat::json ? read_json_rows(body, rows) : read_msgpack_rows(body, rows);
  if (malformed) return BodyError{BodyError::Kind::malformed, *malformed, {}};
  return rows.result();
}

}  // namespace

BodyResult<BodyRows> read_new_rows(const Resource& resource, ContentFormat format, std::string_view body,
                                   std::size_t max_rows) {
  return read_rows(resource, {resource.insertable(), true, true, max_rows}, format, body);
}

BodyResult<BodyRows> read_replacement(const Resource& resource, ContentFormat format, std::string_view body) {
  return read_rows(resource, {resource.updatable(), true, false, 1}, format, body);
}

BodyResult<BodyRows> read_change(const Resource& resource, ContentFormat format, std::string_view body) {
  return read_rows(resource, {resource.updatable(), false, false, 1}, format, body);
}

std::optional<std::string> read_shown_key(const Resource& resource, std::string_view json) {
  const auto shown = read_rows(resource, {resource.key, false, false, 1}, ContentFormat::json, json);
  if (!shown) return std::nullopt;
  std::string_view elements = shown->elements;
  const auto masks = Masks::take(resource.key.size(), elements);
  for (std::size_t i = 0; i < resource.key.size(); ++i) {
    if (!masks.has(i)) return std::nullopt;
  }
  return std::string(elements);
}

}  // namespace troupe::schema
