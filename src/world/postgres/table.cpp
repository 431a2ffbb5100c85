#include "world/postgres/table.hpp"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <bit>
#include <utility>

#include "schema/element.hpp"
#include "schema/table_name.hpp"
#include "world/postgres/transactions.hpp"
#include "world/postgres/values.hpp"

namespace troupe::world {
namespace {

using postgres::StatementError;
using schema::Column;
using schema::Resource;
using schema::TypeKind;

constexpr std::size_t shown_bytes = 64;  // execMain.c: of each value of a failing row

bool is_modelled(const schema::Type& type) {
  switch (type.kind) {
    case TypeKind::boolean:
    case TypeKind::integer:
    case TypeKind::real:
    case TypeKind::uuid:
      return true;
    case TypeKind::text:
      return type.name == "text" || type.name == "character varying";
    default:
      return false;
  }
}

std::optional<std::string> fault_in(const Resource& resource, const TableRules& rules) {
  if (resource.key.empty()) return "a table without a key is not modelled";
  for (const auto& column : resource.columns) {
    if (!is_modelled(column.type))
      return fmt::format("column {} is {}, which is not modelled: take integer, boolean, real, text or uuid",
                         column.name, column.type.declared.empty() ? column.type.name : column.type.declared);
    if (!column.default_sql.empty() && !rules.defaults.contains(column.name))
      return fmt::format("column {} has a default: say in TableRules::defaults what it makes", column.name);
  }
  for (const auto& unique : rules.uniques) {
    for (const auto& name : unique.columns) {
      if (!resource.find(name))
        return fmt::format("unique {}: there is no column {}", unique.constraint, name);
    }
  }
  for (const auto& check : rules.checks) {
    const auto place = resource.find(check.column);
    const auto kind = place ? resource.columns[*place].type.kind : TypeKind::other;
    if (kind != TypeKind::integer && kind != TypeKind::real)
      return fmt::format("check {}: {} is no integer or real column", check.constraint, check.column);
  }
  const auto& first = resource.columns[resource.key.front()];
  if (rules.identity && (resource.key.size() != 1 || first.type.kind != TypeKind::integer))
    return "an identity must be the one column of the key, and an integer";
  return std::nullopt;
}

/// "shop"."orders" has the name orders.
std::string bare_name(const Resource& resource) {
  const auto& quoted = resource.table;
  const auto dot = quoted.rfind("\".\"");
  return schema::plain_table_name(dot == std::string::npos ? quoted : quoted.substr(dot + 2));
}

}  // namespace

Result<std::unique_ptr<Table>> Table::make(const postgres::SharedResource& resource, TableRules rules) {
  if (const auto fault = fault_in(resource->resource, rules))
    return Error{ErrorCode::invalid_argument,
                 fmt::format("modelled table {}: {}", resource->resource.table, *fault)};
  for (auto& [name, value] : rules.defaults) {
    const auto place = resource->resource.find(name);
    if (!place || store(resource->resource.columns[*place], Cell(value), value))
      return Error{
          ErrorCode::invalid_argument,
          fmt::format("modelled table {}: the default of {} fits no column", resource->resource.table, name)};
  }
  // PostgreSQL checks in the order of the constraints' names.
  std::ranges::sort(rules.checks, {}, &CheckRule::constraint);
  return std::unique_ptr<Table>(new Table(resource, std::move(rules)));
}

Table::Table(const postgres::SharedResource& resource, TableRules rules)
    : resource_(resource), rules_(std::move(rules)), name_(bare_name(resource->resource)) {
  for (const auto& unique : rules_.uniques) {
    auto& places = unique_places_.emplace_back();
    for (const auto& column : unique.columns) places.push_back(*resource_->resource.find(column));
  }
  by_value_.resize(unique_places_.size());
}

const Slot* Table::find(const Key& key) const {
  const auto slot = slots_.find(key);
  return slot == slots_.end() ? nullptr : &slot->second;
}

SharedVersion Table::seen_by(const Transaction* reader, const Key& key) const {
  const auto* slot = find(key);
  return slot == nullptr ? nullptr : slot->seen_by(reader);
}

void Table::hold(const Key& key, Transaction& holder, SharedVersion after) {
  auto& slot = slots_[key];
  if (slot.holder != nullptr) leave(key, slot.after);
  slot.holder = &holder;
  slot.after = std::move(after);
  slot.changed_in = holder.statement;
  enter(key, slot.after);
}

void Table::lock(const Key& key, Transaction& holder) {
  auto& slot = slots_.at(key);
  slot.holder = &holder;
  slot.after = slot.committed;
  enter(key, slot.after);
}

void Table::settle(const Key& key, bool committed) {
  const auto found = slots_.find(key);
  if (found == slots_.end() || found->second.holder == nullptr) return;
  auto& slot = found->second;
  leave(key, committed ? slot.committed : slot.after);
  if (committed) slot.committed = std::move(slot.after);
  slot.after = nullptr;
  slot.holder = nullptr;
  slot.changed_in = 0;
  if (!slot.committed) slots_.erase(found);
}

std::optional<StatementError> Table::fault_of(const Cells& row) const {
  const auto& columns = resource().columns;
  for (std::size_t place = 0; place < columns.size(); ++place) {
    if (row[place] || columns[place].nullable) continue;
    StatementError error{
        "23502", fmt::format("null value in column \"{}\" of relation \"{}\" violates not-null constraint",
                             columns[place].name, name_)};
    error.detail = failing_row(row);
    error.table = name_;
    error.column = columns[place].name;
    error.routine = "ExecConstraints";
    return error;
  }
  for (const auto& check : rules_.checks) {
    const auto place = *resource().find(check.column);
    const auto& column = columns[place];
    if (!row[place]) continue;
    const auto bound = column.type.kind == TypeKind::real
                           ? schema::wire_integer(std::bit_cast<std::int64_t>(double(check.at_least)))
                           : schema::wire_integer(check.at_least);
    if (compare(column, *row[place], bound) >= 0) continue;
    StatementError error{"23514", fmt::format("new row for relation \"{}\" violates check constraint \"{}\"",
                                              name_, check.constraint)};
    error.detail = failing_row(row);
    error.table = name_;
    error.constraint = check.constraint;
    error.routine = "ExecConstraints";
    return error;
  }
  return std::nullopt;
}

std::string Table::failing_row(const Cells& row) const {
  std::vector<std::string> values;
  for (std::size_t place = 0; place < row.size(); ++place) {
    auto text = text_of(resource().columns[place], row[place]);
    if (text.size() > shown_bytes) {
      auto end = shown_bytes;  // no character is cut
      while ((static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) --end;
      text.resize(end);
      text += "...";
    }
    values.push_back(std::move(text));
  }
  return fmt::format("Failing row contains ({})", fmt::join(values, ", "));
}

Table::Claim Table::claim(std::size_t unique, const Key& key, const Cells& row,
                          const Transaction& asking) const {
  const auto value = unique_value(unique, row);
  if (!value) return {};
  const auto keys = by_value_[unique].find(*value);
  if (keys == by_value_[unique].end()) return {};
  for (const auto& other : keys->second) {
    if (other == key) continue;
    const auto& slot = slots_.at(other);
    // Who only locked the row takes its value away from nobody.
    if (slot.holder != nullptr && slot.holder != &asking && !slot.only_locked()) return {false, slot.holder};
    const auto& version = slot.seen_by(&asking);
    if (version && unique_value(unique, version->cells) == value) return {true, nullptr};
  }
  return {};
}

StatementError Table::duplicate(std::optional<std::size_t> unique, const Cells& row) const {
  const auto& places = unique ? unique_places_[*unique] : resource().key;
  std::string names, values;
  for (const auto place : places) {
    const auto& column = resource().columns[place];
    names += (names.empty() ? "" : ", ") + column.name;
    values += (values.empty() ? "" : ", ") + text_of(column, row[place]);
  }
  const auto constraint = unique ? rules_.uniques[*unique].constraint : name_ + "_pkey";
  StatementError error{"23505",
                       fmt::format("duplicate key value violates unique constraint \"{}\"", constraint)};
  error.detail = fmt::format("Key ({})=({}) already exists", names, values);
  error.table = name_;
  error.constraint = constraint;
  error.routine = "_bt_check_unique";
  return error;
}

Cell Table::default_of(std::size_t place) const {
  const auto found = rules_.defaults.find(resource().columns[place].name);
  return found == rules_.defaults.end() ? Cell() : found->second;
}

/// Nulls are distinct: such a row has no value.
std::optional<std::string> Table::unique_value(std::size_t unique, const Cells& row) const {
  std::string value;
  for (const auto place : unique_places_[unique]) {
    if (!row[place]) return std::nullopt;
    schema::append_text_element(*row[place], value);
  }
  return value;
}

void Table::enter(const Key& key, const SharedVersion& version) {
  for (std::size_t unique = 0; version && unique < by_value_.size(); ++unique) {
    if (const auto value = unique_value(unique, version->cells)) by_value_[unique][*value].insert(key);
  }
}

void Table::leave(const Key& key, const SharedVersion& version) {
  for (std::size_t unique = 0; version && unique < by_value_.size(); ++unique) {
    const auto value = unique_value(unique, version->cells);
    if (!value) continue;
    const auto keys = by_value_[unique].find(*value);
    if (const auto one = keys->second.find(key); one != keys->second.end()) keys->second.erase(one);
    if (keys->second.empty()) by_value_[unique].erase(keys);
  }
}

}  // namespace troupe::world
