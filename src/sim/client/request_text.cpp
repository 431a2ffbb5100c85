#include "sim/client/request_text.hpp"

#include <array>

#include "sim/client/head_reader.hpp"
#include "support/iequals.hpp"

namespace troupe::sim {
namespace {

constexpr std::string_view end_of_fields = "\r\n\r\n";

std::string_view method_of(std::string_view request) {
  return request.substr(0, request.find(' '));
}

bool is_about_content(std::string_view name) {
  constexpr std::array<std::string_view, 5> names{"Content-Length", "Content-Type", "Content-Encoding",
                                                  "Content-Language", "Transfer-Encoding"};
  for (const auto one : names) {
    if (iequals(name, one)) return true;
  }
  return false;
}

bool is_for_one_server(std::string_view name) {
  return iequals(name, "Host") || iequals(name, "Authorization") || iequals(name, "Cookie");
}

bool has_field(std::string_view head, std::string_view wanted) {
  take_line(head);
  for (std::string_view name, value; take_field(head, name, value);) {
    if (iequals(name, wanted)) return true;
  }
  return false;
}

}  // namespace

std::string_view target_of(std::string_view request) {
  const auto begin = request.find(' ') + 1;
  return request.substr(begin, request.find(' ', begin) - begin);
}

bool add_cookies(std::string_view cookies, std::string& request) {
  const auto end = request.find(end_of_fields);
  if (end == std::string::npos || has_field(request, "Cookie")) return false;
  request.insert(end, std::string("\r\nCookie: ").append(cookies));
  return true;
}

std::string redirected(std::string_view request, int status, std::string_view target, bool with_cookies,
                       std::string_view other_host) {
  const auto method = method_of(request);
  const bool asks_anew = (status == 303 && method != "HEAD") || (status < 303 && method == "POST");
  std::string out(asks_anew ? "GET" : method);
  out.append(" ").append(target).append(" HTTP/1.1\r\n");
  if (!other_host.empty()) out.append("Host: ").append(other_host).append("\r\n");
  auto lines = request;
  take_line(lines);
  for (std::string_view name, value; take_field(lines, name, value);) {
    if (asks_anew && is_about_content(name)) continue;
    if (!with_cookies && iequals(name, "Cookie")) continue;
    if (!other_host.empty() && is_for_one_server(name)) continue;
    out.append(name).append(": ").append(value).append("\r\n");
  }
  out += "\r\n";
  if (!asks_anew) out += lines;
  return out;
}

}  // namespace troupe::sim
