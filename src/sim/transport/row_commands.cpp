#include "sim/transport/row_commands.hpp"

#include "schema/body.hpp"
#include "schema/element.hpp"
#include "schema/parameter.hpp"
#include "sim/material/call_material.hpp"

namespace troupe::sim {
namespace {

using actors::CommandKind;

/// Appends what create and update send: the values that were made, or those of the scenario's own body. Of a
/// body that the resource's rules refuse nothing is appended.
bool append_row(const Call& call, bool creates, std::string& elements) {
  const auto& resource = call.table->resource->resource;
  if (call.values != nullptr) {
    call.values->append_elements(resource, creates ? resource.insertable() : resource.updatable(), elements);
    return true;
  }
  std::string body;
  render_body(call, body);
  const auto read = creates ? schema::read_new_rows(resource, ContentFormat::json, body, 1)
                            : schema::read_replacement(resource, ContentFormat::json, body);
  if (!read) return false;
  elements += read->elements;
  return true;
}

}  // namespace

namespace {

std::optional<actors::Command> call_command(const Call& call, const actors::CommandHead& head) {
  auto elements = call_elements(*call.material, call.parameters);
  if (!elements) return std::nullopt;
  const auto& query = call.material->query;
  const auto kind = query->query.write ? CommandKind::write_call : CommandKind::call;
  return actors::Command{head, kind, 1, {}, std::move(*elements), {}, query};
}

}  // namespace

std::optional<actors::Command> command_of(const Call& call, const actors::CommandHead& head) {
  if (call.material->query) return call_command(call, head);
  const auto& served = call.table->resource;
  const auto& resource = served->resource;
  actors::Command command{head, CommandKind::list, 1, served, {}, {}, {}};
  switch (call.task->operation) {
    default:
      command.query = call.table->first_page;
      return command;
    case Operation::create:
      command.kind = CommandKind::create;
      if (!append_row(call, true, command.elements)) return std::nullopt;
      return command;
    case Operation::get:
      command.kind = CommandKind::read;
      command.elements = call.key;
      return command;
    case Operation::remove:
      command.kind = CommandKind::remove;
      command.elements = call.key;
      if (resource.has_xmin) schema::append_null_element(command.elements);
      return command;
    case Operation::update:
      break;
  }
  command.elements = call.key;
  command.kind = resource.client_key ? CommandKind::put : CommandKind::replace;
  if (!resource.client_key && resource.has_xmin) schema::append_null_element(command.elements);
  if (!append_row(call, false, command.elements)) return std::nullopt;
  return command;
}

RowKey key_of(const schema::Resource& resource, const actors::RowAnswer& answer) {
  RowKey key;
  for (const auto place : resource.key) {
    const auto column = answer.first_column + static_cast<int>(place);
    schema::append_parameter(resource.columns[place], answer.rows->cell(answer.row, column), key);
  }
  return key;
}

}  // namespace troupe::sim
