#include "sim/transport/render_request.hpp"

#include <charconv>

namespace troupe::sim {

void render_request(const HttpTarget& target, const Call& call, std::string& out, std::string& body) {
  out.clear();
  body.clear();
  render_body(call, body);
  const auto& method = call.material->method;
  out += method;
  out += ' ';
  out += target.prefix;
  render_path(call, out);
  out += " HTTP/1.1";
  const auto& head = call.task->head;
  if (!head.host) {
    out += "\r\nHost: ";
    out += target.authority;
  }
  if (!head.empty()) render_fields(call, out);
  if (!body.empty()) {
    char digits[20];
    const auto end = std::to_chars(digits, digits + sizeof digits, body.size()).ptr;
    if (!head.content_type) out += "\r\nContent-Type: application/json";
    out += "\r\nContent-Length: ";
    out.append(digits, end);
  } else if (method == "POST" || method == "PUT" || method == "PATCH") {
    out += "\r\nContent-Length: 0";  // RFC 9110 section 8.6
  }
  out += "\r\n\r\n";
  out += body;
}

}  // namespace troupe::sim
