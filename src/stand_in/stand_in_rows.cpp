#include "stand_in/stand_in_rows.hpp"

#include <bit>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "postgres/wire/rows_builder.hpp"
#include "schema/element.hpp"
#include "schema/masks.hpp"

namespace troupe::stand_in {
namespace {

using actors::Command;
using actors::CommandKind;
using schema::Column;
using schema::Resource;
using schema::TypeKind;
using Cells = std::vector<std::optional<std::string_view>>;

// Some 2 KB each.
constexpr std::size_t most_reads = 2048;

/// A value of the column, as PostgreSQL would send it.
std::optional<std::string_view> sample_of(const Column& column) {
  static const std::string one = schema::wire_integer(1);
  static const std::string one_point_zero = schema::wire_integer(std::bit_cast<std::int64_t>(1.0));
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
  const auto masks = schema::Masks::take(places.size(), elements);
  for (std::size_t i = 0; i < places.size(); ++i) {
    const auto value = schema::take_element(elements);
    if (masks.has(i)) cells[places[i]] = value;
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

actors::RowAnswer rows_for(const Command& command, std::int64_t first_id) {
  const auto& resource = command.resource->resource;
  const bool numbered = command.kind == CommandKind::create && !resource.client_key &&
                        resource.key.size() == 1 &&
                        resource.columns[resource.key.front()].wire_form() == schema::WireForm::integer;
  static const std::string version = schema::wire_integer(1, 4);
  postgres::RowsBuilder rows(static_cast<int>(resource.columns.size()) + (resource.has_xmin ? 1 : 0));
  std::string_view elements = command.elements;
  Cells cells(resource.columns.size());
  for (std::uint32_t row = 0; row < command.rows; ++row) {
    take_row(command, elements, cells);
    const auto id = schema::wire_integer(first_id + row);
    if (numbered) cells[resource.key.front()] = id;
    for (std::size_t place = 0; place < cells.size(); ++place)
      rows.set(static_cast<int>(row), static_cast<int>(place), cells[place]);
    if (resource.has_xmin) rows.set(static_cast<int>(row), static_cast<int>(cells.size()), version);
  }
  return {std::make_shared<const postgres::Rows>(rows.take()), 0, static_cast<int>(command.rows), 0, false};
}

}  // namespace

actors::RowAnswer StandInRows::answer(const Command& command, std::int64_t first_id) {
  if (command.kind != CommandKind::read) return rows_for(command, first_id);
  if (command.resource != resource_) reads_.clear();
  resource_ = command.resource;
  if (const auto known = reads_.find(command.elements); known != reads_.end()) return known->second;
  if (reads_.size() >= most_reads) reads_.clear();
  return reads_.emplace(command.elements, rows_for(command, first_id)).first->second;
}

}  // namespace troupe::stand_in
