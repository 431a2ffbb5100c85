#include "sim/transport/item_commands.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "schema/element.hpp"
#include "schema/masks.hpp"
#include "schema/number_text.hpp"

namespace troupe::sim {
namespace {

using actors::CommandKind;
using schema::Scalar;

/// The value of an item that a column of this name has; none of another.
std::optional<Scalar> value_of(const ItemValues& item, const std::string& column, std::string& number) {
  if (column == "name") return Scalar{Scalar::Kind::text, false, item.name};
  if (column == "description" && item.description)
    return Scalar{Scalar::Kind::text, false, *item.description};
  if (column == "in_stock") return Scalar{Scalar::Kind::boolean, item.in_stock, {}};
  if (column != "price") return std::nullopt;
  schema::append_number(item.price, number);
  return Scalar{Scalar::Kind::number, false, number};
}

}  // namespace

ItemCommands::ItemCommands(const postgres::SharedResource& items) : items_(items) {
  schema::ListQuery list;
  list.limit = items->resource.default_limit;
  for (const auto place : items->resource.key) list.order.push_back({place, false});
  list_ = std::make_shared<const schema::ListQuery>(std::move(list));
}

void ItemCommands::append_values(const std::vector<std::size_t>& places, const ItemValues& item,
                                 std::string& elements) const {
  schema::Masks masks(places.size());
  std::string values, number;
  for (std::size_t i = 0; i < places.size(); ++i) {
    const auto& column = items_->resource.columns[places[i]];
    const auto value = value_of(item, column.name, number);
    // Whatever the table's own rules refuse counts as any refusal does.
    if (!value || column.codec->read(*value, column, values)) {
      schema::append_null_element(values);
    } else {
      masks.add(i);
    }
  }
  masks.append_to(elements);
  elements += values;
}

actors::Command ItemCommands::command_of(const Call& call, const actors::CommandHead& head) const {
  const auto& resource = items_->resource;
  actors::Command command{head, CommandKind::list, 1, items_, {}, {}};
  if (call.task->operation == Operation::create) {
    command.kind = CommandKind::create;
    append_values(resource.insertable(), call.item, command.elements);
    return command;
  }
  if (call.task->operation == Operation::list || call.task->operation == Operation::request) {
    command.query = list_;
    return command;
  }
  schema::append_integer_element(call.id, command.elements);
  command.kind = CommandKind::read;
  if (call.task->operation == Operation::get) return command;
  if (resource.has_xmin) schema::append_null_element(command.elements);
  command.kind = CommandKind::remove;
  if (call.task->operation == Operation::remove) return command;
  command.kind = CommandKind::replace;
  append_values(resource.updatable(), call.item, command.elements);
  return command;
}

std::int64_t ItemCommands::id_of(const actors::RowAnswer& answer) const {
  if (items_->resource.key.empty()) return 0;
  const auto place = static_cast<int>(items_->resource.key.front());
  return schema::integer_of(answer.rows->text(answer.row, answer.first_column + place));
}

}  // namespace troupe::sim
