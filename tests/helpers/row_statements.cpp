#include "helpers/row_statements.hpp"

#include <algorithm>
#include <bit>
#include <utility>

#include "actors/database/batch_statements.hpp"
#include "postgres/catalogue/resource_statements.hpp"
#include "schema/element.hpp"
#include "schema/masks.hpp"

namespace troupe::tests {
namespace {

using actors::Command;
using actors::CommandKind;

void append(const SentValue& value, std::string& elements) {
  value ? schema::append_text_element(*value, elements) : schema::append_null_element(elements);
}

void append_values(const schema::Resource& resource, const std::vector<std::size_t>& places,
                   const SentValues& values, std::string& elements) {
  schema::Masks masks(places.size());
  std::string row;
  for (std::size_t i = 0; i < places.size(); ++i) {
    const auto value = values.find(resource.columns[places[i]].name);
    if (value != values.end()) masks.add(i);
    append(value == values.end() ? SentValue() : value->second, row);
  }
  masks.append_to(elements);
  elements += row;
}

std::string key_elements(const SentKey& key) {
  std::string elements;
  for (const auto& value : key) append(value, elements);
  return elements;
}

}  // namespace

SentValue integer(std::int64_t value) {
  return schema::wire_integer(value);
}

SentValue real(double value) {
  return schema::wire_integer(std::bit_cast<std::int64_t>(value));
}

SentValue boolean(bool value) {
  return std::string(1, static_cast<char>(value));
}

Command create_rows(const postgres::SharedResource& resource, const std::vector<SentValues>& rows) {
  std::string elements;
  for (const auto& row : rows)
    append_values(resource->resource, resource->resource.insertable(), row, elements);
  return {{}, CommandKind::create, static_cast<std::uint32_t>(rows.size()), resource, std::move(elements)};
}

Command read_row(const postgres::SharedResource& resource, const SentKey& key) {
  return {{}, CommandKind::read, 1, resource, key_elements(key)};
}

Command set_row(CommandKind kind, const postgres::SharedResource& resource, const SentKey& key,
                const SentValues& values, const SentValue& versions) {
  auto elements = key_elements(key);
  if (kind != CommandKind::put && resource->resource.has_xmin) append(versions, elements);
  append_values(resource->resource, resource->resource.updatable(), values, elements);
  return {{}, kind, 1, resource, std::move(elements)};
}

Command remove_row(const postgres::SharedResource& resource, const SentKey& key, const SentValue& versions) {
  auto elements = key_elements(key);
  if (resource->resource.has_xmin) append(versions, elements);
  return {{}, CommandKind::remove, 1, resource, std::move(elements)};
}

SentStatement statement_of(std::vector<Command> commands) {
  actors::Batch batch;
  for (auto& command : commands) batch.commands.push_back({std::move(command), nullptr});
  SentStatement sent;
  postgres::Statement scratch;
  sent.statement = actors::statement_for(batch, sent.params, scratch);
  return sent;
}

SentStatement lock_of(const postgres::SharedResource& resource, const std::vector<SentKey>& keys) {
  const auto& lock = resource->statements.lock();
  SentStatement sent{lock.statement, {}};
  for (std::size_t i = 0; i < lock.params.size(); ++i) {
    std::string elements;
    for (const auto& key : keys) append(key[i], elements);
    auto* place = sent.params.add_array(postgres::array_oid_of(lock.params[i]),
                                        postgres::oid_of(lock.params[i]), keys.size(), elements.size());
    std::ranges::copy(elements, place);
  }
  return sent;
}

}  // namespace troupe::tests
