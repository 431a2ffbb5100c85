#include "stand_in/stand_in_rows.hpp"

#include <bit>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "postgres/wire/rows_builder.hpp"
#include "schema/body.hpp"
#include "schema/elements.hpp"

namespace troupe::stand_in {
namespace {

using actors::Command;
using actors::CommandKind;
using schema::Column;
using schema::Resource;
using schema::TypeKind;
using Cells = std::vector<std::optional<std::string_view>>;

std::string big_endian(std::uint64_t value, std::size_t bytes) {
  std::string text;
  schema::append_big_endian(value, bytes, text);
  return text;
}

/// A value of the column, as PostgreSQL would send it.
std::optional<std::string_view> sample_of(const Column& column) {
  static const std::string one = big_endian(1, 8);
  static const std::string one_point_zero = big_endian(std::bit_cast<std::uint64_t>(1.0), 8);
  if (column.nullable) return std::nullopt;
  switch (column.type.kind) {
    case TypeKind::boolean:
      return std::string_view("\1", 1);
    case TypeKind::integer:
      return one;
    case TypeKind::real:
      return one_point_zero;
    case TypeKind::numeric:
      return "1";
    case TypeKind::uuid:
      return "00000000-0000-0000-0000-000000000001";
    case TypeKind::date:
      return "2000-01-01";
    case TypeKind::time:
      return "00:00:00";
    case TypeKind::timestamp:
      return "2000-01-01 00:00:00";
    case TypeKind::timestamptz:
      return "2000-01-01 00:00:00+00";
    case TypeKind::json:
      return "{}";
    case TypeKind::array:
      return "[]";
    case TypeKind::enumeration:
      return column.type.labels.front();
    default:
      return "stand-in";
  }
}

/// Takes the masks and values of these columns off `elements`, and the values that are there into `cells`.
void take_values(const std::vector<std::size_t>& places, std::string_view& elements, Cells& cells) {
  std::vector<std::uint64_t> masks(schema::mask_count(places.size()));
  for (auto& mask : masks)
    mask = static_cast<std::uint64_t>(schema::integer_of(schema::take_element(elements).value_or("")));
  for (std::size_t i = 0; i < places.size(); ++i) {
    const auto value = schema::take_element(elements);
    if ((masks[i / 63] >> (i % 63) & 1) != 0) cells[places[i]] = value;
  }
}

void take_row(const Command& command, std::string_view& elements, Cells& cells) {
  const auto& resource = command.resource->resource;
  for (std::size_t place = 0; place < resource.columns.size(); ++place)
    cells[place] = sample_of(resource.columns[place]);
  if (command.kind == CommandKind::create) return take_values(resource.insertable(), elements, cells);
  for (const auto place : resource.key) cells[place] = schema::take_element(elements);
  if (command.kind == CommandKind::read) return;
  if (command.kind != CommandKind::put && resource.has_xmin) schema::take_element(elements);
  take_values(resource.updatable(), elements, cells);
}

}  // namespace

actors::RowAnswer rows_for(const Command& command, std::int64_t first_id) {
  const auto& resource = command.resource->resource;
  const bool numbered = command.kind == CommandKind::create && !resource.client_key &&
                        resource.key.size() == 1 &&
                        resource.columns[resource.key.front()].wire_form() == schema::WireForm::integer;
  static const std::string version = big_endian(1, 4);
  postgres::RowsBuilder rows(static_cast<int>(resource.columns.size()) + (resource.has_xmin ? 1 : 0));
  std::string_view elements = command.elements;
  Cells cells(resource.columns.size());
  for (std::uint32_t row = 0; row < command.rows; ++row) {
    take_row(command, elements, cells);
    const auto id = big_endian(static_cast<std::uint64_t>(first_id + row), 8);
    if (numbered) cells[resource.key.front()] = id;
    for (std::size_t place = 0; place < cells.size(); ++place)
      rows.set(static_cast<int>(row), static_cast<int>(place), cells[place]);
    if (resource.has_xmin) rows.set(static_cast<int>(row), static_cast<int>(cells.size()), version);
  }
  return {std::make_shared<const postgres::Rows>(rows.take()), 0, static_cast<int>(command.rows), 0, false};
}

}  // namespace troupe::stand_in
