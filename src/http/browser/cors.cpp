#include "http/browser/cors.hpp"

#include <algorithm>
#include <chrono>

namespace troupe::http {

namespace {

/// What a script may send beyond what Fetch lets everybody send, and read beyond what it lets everybody read.
constexpr std::string_view request_fields =
    "Authorization, Content-Type, If-Match, If-None-Match, X-API-Key, X-Request-Id, traceparent, tracestate";
constexpr std::string_view response_fields =
    "Allow, ETag, Link, Location, Retry-After, Server-Timing, WWW-Authenticate, X-Request-Id";

/// Where the value of a field begins; npos: there is none of that name.
std::size_t value_of(std::string_view name, std::string_view fields) {
  for (std::size_t line = 0; line < fields.size();) {
    const auto rest = fields.substr(line);
    if (rest.starts_with(name) && rest.substr(name.size()).starts_with(": ")) return line + name.size() + 2;
    const auto end = fields.find('\n', line);
    if (end == fields.npos) break;
    line = end + 1;
  }
  return fields.npos;
}

std::vector<std::string> split(std::string_view list) {
  std::vector<std::string> parts;
  for (std::size_t begin = 0; begin < list.size();) {
    const auto end = std::min(list.find(',', begin), list.size());
    parts.emplace_back(list.substr(begin, end - begin));
    begin = end + 1;
  }
  return parts;
}

}  // namespace

Cors::Cors(const CorsSettings& settings) : any_(settings.origins == "*") {
  if (!any_) origins_ = split(settings.origins);
  if (settings.credentials) common_ = "Access-Control-Allow-Credentials: true\r\n";
  preflight_.append("Access-Control-Allow-Headers: ").append(request_fields).append("\r\n");
  const auto age = std::chrono::floor<std::chrono::seconds>(settings.max_age).count();
  preflight_ += "Access-Control-Max-Age: " + std::to_string(age) + "\r\n";
}

bool Cors::allows(std::string_view origin) const {
  return !origin.empty() && (any_ || std::ranges::find(origins_, origin) != origins_.end());
}

void Cors::add_fields(const Asked& asked, int status, std::string& fields) const {
  if (!is_on()) return;
  if (!any_) add_to_field("Vary", "Origin", fields);
  if (!allows(asked.origin)) return;
  fields.append("Access-Control-Allow-Origin: ").append(any_ ? "*" : asked.origin).append("\r\n");
  fields += common_;
  if (asked.options && status == 204 && !asked.wanted_method.empty()) return add_preflight(fields);
  fields.append("Access-Control-Expose-Headers: ").append(response_fields).append("\r\n");
}

void Cors::add_preflight(std::string& fields) const {
  const auto begin = value_of("Allow", fields);
  if (begin != std::string::npos) {
    const auto allow = fields.substr(begin, fields.find('\r', begin) - begin);
    fields.append("Access-Control-Allow-Methods: ").append(allow).append("\r\n");
  }
  fields += preflight_;
}

void add_to_field(std::string_view name, std::string_view value, std::string& fields) {
  const auto begin = value_of(name, fields);
  if (begin == std::string::npos) {
    fields.append(name).append(": ").append(value).append("\r\n");
  } else {
    fields.insert(begin, std::string(value) + ", ");
  }
}

}  // namespace troupe::http
