#include "sim/transport/call.hpp"

namespace troupe::sim {
namespace {

void render(const TextTemplate& text, const Call& call, std::string& out) {
  if (!text.uses_id()) return text.render({{}, call.row, call.parameters}, out);
  const auto id = key_texts(call.table->resource->resource, call.key);
  text.render({id, call.row, call.parameters}, out);
}

}  // namespace

void render_path(const Call& call, std::string& out) {
  render(call.material->path, call, out);
}

void render_body(const Call& call, std::string& out) {
  if (call.values != nullptr) return call.values->append_json(call.table->resource->resource, out);
  render(call.material->body, call, out);
}

}  // namespace troupe::sim
