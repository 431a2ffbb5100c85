#include "world/tables/world_table.hpp"

#include <spdlog/fmt/fmt.h>

#include <boost/json.hpp>
#include <utility>

#include "schema/element.hpp"
#include "schema/file/declared_table.hpp"
#include "schema/file/resource_file.hpp"

namespace troupe::world {
namespace {

namespace json = boost::json;

/// Places of the columns, in the order of the file below.
enum Place { id, mark, slot, amount };

std::string file_of(const TablePlan& plan) {
  constexpr const char* types[] = {"bigint", "bigint", "uuid", "text"};
  return fmt::format(
      "[resource.{0}]\ncreate = true\n"
      "[resource.{0}.columns.id]\ntype = \"{1}\"\nkey = true\n{2}\n"
      "[resource.{0}.columns.mark]\ntype = \"text\"\nnot_null = true\n"
      "[resource.{0}.columns.slot]\ntype = \"text\"\n{3}\n"
      "[resource.{0}.columns.amount]\ntype = \"bigint\"\nnot_null = true\ndefault = \"{4}\"\n",
      plan.name, types[static_cast<std::size_t>(plan.key)],
      plan.key == KeyKind::sequence ? "identity = true" : "", plan.slot_unique ? "unique = true" : "",
      plan.default_amount);
}

std::vector<std::string> keys_of(KeyKind kind) {
  std::vector<std::string> keys;
  for (int n = 1; n <= 12 && kind != KeyKind::sequence; ++n) {
    keys.push_back(kind == KeyKind::number ? std::to_string(n)
                   : kind == KeyKind::uuid ? fmt::format("00000000-0000-4000-8000-{:012}", n)
                                           : fmt::format("k{:02}", n));
  }
  return keys;
}

schema::Resource resource_of(const TablePlan& plan) {
  const auto file = schema::parse_resource_file(file_of(plan), "world").value();
  return schema::declared_resource(file.resources.front(), "world").value();
}

TableRules rules_of(const TablePlan& plan) {
  TableRules rules;
  rules.identity = plan.key == KeyKind::sequence;
  if (plan.slot_unique) rules.uniques.push_back({plan.name + "_slot_key", {"slot"}});
  rules.checks.push_back({plan.name + "_amount_check", "amount", 0});
  rules.defaults["amount"] = schema::wire_integer(std::stoll(plan.default_amount));
  return rules;
}

std::string shown(const schema::Column& column, std::string_view wire) {
  return column.wire_form() == schema::WireForm::integer ? std::to_string(schema::integer_of(wire))
                                                         : std::string(wire);
}

std::optional<std::string> wire_text(const json::value& value) {
  if (value.is_int64()) return std::to_string(value.get_int64());
  if (value.is_string()) return std::string(value.get_string());
  return std::nullopt;
}

std::optional<Row> row_of_value(const json::value& value) {
  if (!value.is_object()) return std::nullopt;
  const auto& object = value.get_object();
  for (const auto* name : {"id", "mark", "slot", "amount"}) {
    if (!object.contains(name)) return std::nullopt;
  }
  const auto key = wire_text(object.at("id")), marked = wire_text(object.at("mark")),
             sum = wire_text(object.at("amount"));
  if (!key || !marked || !sum) return std::nullopt;
  return Row{*key, *marked, wire_text(object.at("slot")), *sum};
}

}  // namespace

bool WorldTable::has_number_keys() const {
  return resource->resource.columns[id].wire_form() == schema::WireForm::integer;
}

std::vector<TablePlan> plan_tables(std::uint64_t seed) {
  Rng random(seed, RandomStream::world_settings, 1);
  std::vector<TablePlan> plans;
  const auto count = 1 + random.below(3);
  constexpr const char* names[] = {"notes", "parts", "seats"};
  for (std::uint64_t i = 0; i < count; ++i) {
    plans.push_back({names[i], static_cast<KeyKind>(random.below(4)), random.below(2) == 0,
                     std::to_string(random.below(10))});
  }
  return plans;
}

std::vector<WorldTable> make_tables(const std::vector<TablePlan>& plans) {
  std::vector<schema::Resource> resources;
  for (const auto& plan : plans) resources.push_back(resource_of(plan));
  const auto served = postgres::serve_resources(std::move(resources));
  std::vector<WorldTable> tables;
  for (std::size_t i = 0; i < plans.size(); ++i) {
    const auto& plan = plans[i];
    tables.push_back({plan.name, served[i], rules_of(plan), plan.key != KeyKind::sequence, plan.slot_unique,
                      plan.default_amount, keys_of(plan.key)});
  }
  return tables;
}

std::string slot_named(std::uint64_t number) {
  return fmt::format("s{}", number);
}

Row row_of(const WorldTable& table, const Cells& cells) {
  const auto& columns = table.resource->resource.columns;
  return {shown(columns[id], cells[id].value_or("")), cells[mark].value_or(""), cells[slot],
          shown(columns[amount], cells[amount].value_or(""))};
}

std::string key_text(const WorldTable& table, const Key& key) {
  std::string_view elements = key;
  return shown(table.resource->resource.columns[id], schema::take_element(elements).value_or(""));
}

std::optional<Row> row_of_json(std::string_view text) {
  boost::system::error_code error;
  const auto value = json::parse({text.data(), text.size()}, error);
  return error ? std::nullopt : row_of_value(value);
}

std::optional<std::vector<Row>> rows_of_json(std::string_view text) {
  boost::system::error_code error;
  const auto value = json::parse({text.data(), text.size()}, error);
  if (error || !value.is_array()) return std::nullopt;
  std::vector<Row> rows;
  for (const auto& one : value.get_array()) {
    auto row = row_of_value(one);
    if (!row) return std::nullopt;
    rows.push_back(std::move(*row));
  }
  return rows;
}

}  // namespace troupe::world
