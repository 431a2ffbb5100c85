#include "http/access_log/access_line.hpp"

#include <spdlog/fmt/chrono.h>
#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <iterator>

#include "support/clean_text.hpp"
#include "support/json_string.hpp"
#include "support/secret_text.hpp"
#include "support/url_text.hpp"

namespace troupe::http {

namespace {

/// Of one field: what is longer is no help to anybody.
constexpr std::size_t longest_field = 1024;

/// A secret by its form: a JWT, or a URL with credentials.
bool holds_secret(std::string_view value) {
  if (value.find("eyJ") != value.npos) return true;
  const auto plain = percent_decoded(value);
  return plain.find("://") != plain.npos && plain.find('@') != plain.npos;
}

void append_masked_query(std::string_view query, std::string& out) {
  for (std::size_t begin = 0; begin <= query.size();) {
    const auto end = std::min(query.find('&', begin), query.size());
    const auto pair = query.substr(begin, end - begin);
    const auto equals = pair.find('=');
    const auto name = pair.substr(0, equals);
    const bool secret = equals != pair.npos &&
                        (is_secret_name(percent_decoded(name)) || holds_secret(pair.substr(equals + 1)));
    secret ? out.append(name).append("=***") : out.append(pair);
    if (end < query.size()) out += '&';
    begin = end + 1;
  }
}

std::string request_line(const AccessRecord& record) {
  if (record.method.empty()) return {};
  std::string line(record.method.substr(0, longest_field));
  line.append(" ").append(record.path.empty() ? "-" : record.path);
  if (!record.query.empty()) {
    line += '?';
    append_masked_query(record.query, line);
  }
  return line += record.http_1_0 ? " HTTP/1.0" : " HTTP/1.1";
}

void append_escaped(std::string_view text, char also, std::string& out) {
  for (const char c : text) {
    if (c == '"' || c == '\\')
      out.append(1, '\\').append(1, c);
    else if (c < 0x20 || c > 0x7e || c == also)
      fmt::format_to(std::back_inserter(out), "\\x{:02x}", static_cast<unsigned char>(c));
    else
      out += c;
  }
}

void append_quoted(std::string_view text, std::string& out) {
  out += " \"";
  append_escaped(text.empty() ? "-" : text, '"', out);
  out += '"';
}

std::string masked_referer(std::string_view referer) {
  return referer.empty() ? std::string() : mask_secrets(referer.substr(0, longest_field));
}

void append_common(const AccessRecord& record, std::chrono::system_clock::time_point now, std::string& out) {
  out += record.client.to_string();
  out += " - ";
  append_escaped(record.caller.empty() ? "-" : record.caller, ' ', out);
  const auto seconds = std::chrono::floor<std::chrono::seconds>(now);
  fmt::format_to(std::back_inserter(out), " [{:%d/%b/%Y:%H:%M:%S} +0000]",
                 fmt::gmtime(std::chrono::system_clock::to_time_t(seconds)));
  append_quoted(request_line(record), out);
  fmt::format_to(std::back_inserter(out), " {} ", record.status);
  out += record.bytes == 0 ? "-" : std::to_string(record.bytes);
}

/// A member whose value is foreign; none when it is empty.
void append_member(std::string_view name, std::string_view value, std::string& out) {
  if (value.empty()) return;
  out.append(",\"").append(name).append("\":");
  const bool plain = std::ranges::all_of(value, [](char c) { return 0x20 <= c && c < 0x7f; });
  append_json_string(plain ? std::string(value) : clean_text(value), out);
}

void append_json(const AccessRecord& record, std::chrono::system_clock::time_point now, std::string& out) {
  const auto ms = std::chrono::floor<std::chrono::milliseconds>(now.time_since_epoch()).count();
  fmt::format_to(std::back_inserter(out), R"({{"time":"{:%Y-%m-%dT%H:%M:%S}.{:03}Z")",
                 fmt::gmtime(static_cast<std::time_t>(ms / 1000)), ms % 1000);
  append_member("client", record.client.to_string(), out);
  append_member("caller", record.caller, out);
  append_member("method", record.method.substr(0, longest_field), out);
  append_member("path", record.path, out);
  append_member("query", masked_query(record.query), out);
  if (!record.method.empty()) append_member("protocol", record.http_1_0 ? "HTTP/1.0" : "HTTP/1.1", out);
  append_member("route", record.route, out);
  fmt::format_to(std::back_inserter(out), R"(,"status":{},"bytes":{},"duration_ms":{:.3f})", record.status,
                 record.bytes, to_seconds(record.took) * 1e3);
  append_member("request_id", record.request_id, out);
  append_member("trace_id", record.trace_id, out);
  append_member("parent_id", record.parent_id, out);
  append_member("span_id", record.span_id, out);
  append_member("referer", masked_referer(record.referer), out);
  append_member("user_agent", record.user_agent.substr(0, longest_field), out);
  out += '}';
}

}  // namespace

std::string masked_query(std::string_view query) {
  std::string out;
  append_masked_query(query, out);
  return out;
}

void append_access_line(AccessLogFormat format, const AccessRecord& record,
                        std::chrono::system_clock::time_point now, std::string& out) {
  if (format == AccessLogFormat::json) {
    append_json(record, now, out);
  } else {
    append_common(record, now, out);
    if (format == AccessLogFormat::combined) {
      append_quoted(masked_referer(record.referer), out);
      append_quoted(record.user_agent.substr(0, longest_field), out);
    }
  }
  out += '\n';
}

}  // namespace troupe::http
