#include "sim/transport/call.hpp"

#include "schema/base64.hpp"

namespace troupe::sim {
namespace {

void render(const TextTemplate& text, const Call& call, std::string& out) {
  TemplateValues values{{}, call.row, call.parameters, call.variables, call.sender};
  if (!text.uses_id()) return text.render(values, out);
  const auto id = key_texts(call.table->resource->resource, call.key);
  values.id = id;
  text.render(values, out);
}

}  // namespace

void render_path(const Call& call, std::string& out) {
  render(call.material->path, call, out);
}

void render_fields(const Call& call, std::string& out) {
  const auto& head = call.task->head;
  render(head.fields, call, out);
  if (head.basic.empty()) return;
  std::string credentials;
  render(head.basic, call, credentials);
  out += "\r\nAuthorization: Basic ";
  schema::append_base64(credentials, out);
}

void render_body(const Call& call, std::string& out) {
  if (call.values != nullptr) return call.values->append_json(call.table->resource->resource, out);
  render(call.material->body, call, out);
}

}  // namespace troupe::sim
