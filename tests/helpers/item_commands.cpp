#include "helpers/item_commands.hpp"

#include <bit>
#include <utility>

#include "postgres/wire/rows_builder.hpp"
#include "schema/body.hpp"
#include "schema/element.hpp"

namespace troupe::tests {

using namespace actors;

namespace {

Command command_of(CommandKind kind, std::string elements) {
  return {{}, kind, 1, shared_items(), std::move(elements), {}};
}

std::string key_elements(std::int64_t id) {
  std::string elements;
  schema::append_integer_element(id, elements);
  return elements;
}

}  // namespace

const postgres::SharedResource& shared_items() {
  static const auto resource = postgres::declared_items();
  return resource;
}

Command read_item(std::int64_t id) {
  return command_of(CommandKind::read, key_elements(id));
}

// By hand, since a test's name may be longer than an item's.
Command create_item(const std::string& name) {
  std::string elements;
  schema::append_integer_element(0b101, elements);  // of name, description, price and in_stock
  schema::append_text_element(name, elements);
  schema::append_null_element(elements);
  schema::append_real_element(1.0, elements);
  schema::append_null_element(elements);
  return command_of(CommandKind::create, std::move(elements));
}

Command change_item(std::int64_t id, const std::string& name) {
  auto elements = key_elements(id);
  schema::append_null_element(elements);  // any version
  const auto body = R"({"name":")" + name + R"("})";
  elements += schema::read_change(shared_items()->resource, ContentFormat::json, body)->elements;
  return command_of(CommandKind::change, std::move(elements));
}

Command remove_item(std::int64_t id) {
  auto elements = key_elements(id);
  schema::append_null_element(elements);
  return command_of(CommandKind::remove, std::move(elements));
}

Command list_items(std::int64_t limit) {
  auto command = command_of(CommandKind::list, {});
  schema::ListQuery query;
  query.limit = limit;
  query.order.push_back({shared_items()->resource.key.front(), false});
  command.query = std::make_shared<const schema::ListQuery>(std::move(query));
  return command;
}

std::int64_t id_in(const Command& command) {
  std::string_view elements = command.elements;
  return schema::integer_of(schema::take_element(elements).value_or(""));
}

std::string name_in(const Command& create) {
  std::string_view elements = create.elements;
  schema::take_element(elements);  // the mask; then the name, which comes first
  return std::string(schema::take_element(elements).value_or(""));
}

RowAnswer item_answer(std::int64_t id, const std::string& name) {
  postgres::RowsBuilder rows(6);
  rows.set(0, 0, schema::wire_integer(id));
  rows.set(0, 1, name);
  rows.set(0, 2, std::nullopt);
  rows.set(0, 3, schema::wire_integer(std::bit_cast<std::int64_t>(1.0)));
  rows.set(0, 4, std::string(1, '\1'));
  rows.set(0, 5, schema::wire_integer(7, 4));
  return {std::make_shared<const postgres::Rows>(rows.take())};
}

std::int64_t id_in(const RowAnswer& answer) {
  return schema::integer_of(answer.rows->text(answer.row, answer.first_column));
}

std::string name_in(const RowAnswer& answer) {
  return std::string(answer.rows->text(answer.row, answer.first_column + 1));
}

}  // namespace troupe::tests
