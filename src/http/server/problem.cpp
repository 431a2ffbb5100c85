#include "http/server/problem.hpp"

#include <boost/beast/http/status.hpp>
#include <utility>

#include "support/json_string.hpp"

namespace troupe::http {
namespace {

std::string bytes(std::size_t count) {
  return std::to_string(count) + " bytes";
}

void append_member(std::string_view name, std::string_view text, std::string& out) {
  out += ',';
  append_json_string(name, out);
  out += ':';
  append_json_string(text, out);
}

void append_fault(const FieldFault& fault, std::string& out) {
  out += R"({"loc":[)";
  for (const std::string& part : fault.loc) {
    if (&part != fault.loc.data()) out += ',';
    append_json_string(part, out);
  }
  out += ']';
  append_member("msg", fault.msg, out);
  append_member("type", fault.type, out);
  out += '}';
}

}  // namespace

std::string to_json(const Problem& problem) {
  std::string out = R"({"type":)";
  append_json_string(problem.type, out);
  append_member("title", problem.title, out);
  out += R"(,"status":)" + std::to_string(problem.status);
  if (!problem.detail.empty()) append_member("detail", problem.detail, out);
  if (problem.outcome) append_member("outcome", *problem.outcome, out);
  if (!problem.faults.empty()) {
    out += R"(,"errors":[)";
    for (const FieldFault& fault : problem.faults) {
      if (&fault != problem.faults.data()) out += ',';
      append_fault(fault, out);
    }
    out += ']';
  }
  out += '}';
  return out;
}

Problem typed_problem(int status, std::string_view slug, std::string title, std::string detail) {
  return {.status = status,
          .type = "urn:troupe:problem:" + std::string(slug),
          .title = std::move(title),
          .detail = std::move(detail)};
}

Problem plain_problem(int status, std::string detail) {
  // RFC 9457 section 4.2.1: the title of an about:blank problem is the status phrase.
  return {.status = status, .title = std::string(reason_phrase(status)), .detail = std::move(detail)};
}

Problem malformed(std::string detail, std::vector<FieldFault> faults) {
  Problem problem = typed_problem(400, "malformed-request", "Malformed request", std::move(detail));
  problem.faults = std::move(faults);
  return problem;
}

Problem not_found(std::string detail) {
  return plain_problem(404, std::move(detail));
}

Problem method_not_allowed(std::string_view allow) {
  return plain_problem(405, "allowed here: " + std::string(allow));
}

Problem not_acceptable() {
  return plain_problem(
      406, "answers are available as application/json and application/msgpack, rows also as text/html");
}

Problem request_timeout(std::string detail) {
  return plain_problem(408, std::move(detail));
}

Problem too_large(std::size_t limit_bytes) {
  return plain_problem(413, "the body is longer than " + bytes(limit_bytes));
}

Problem uri_too_long(std::size_t limit_bytes) {
  return plain_problem(414, "the request target is longer than " + bytes(limit_bytes));
}

Problem unsupported_media_type() {
  return plain_problem(415, "the body must be application/json (UTF-8) or application/msgpack");
}

Problem misdirected() {
  return plain_problem(421, "this server does not answer for that host (server.allowed_hosts)");
}

Problem too_many_requests(std::string_view limit, std::chrono::seconds retry_after) {
  auto problem = typed_problem(429, "too-many-requests", "Too many requests",
                               "more is asked at once than one client may (" + std::string(limit) + ")");
  problem.retry_after = retry_after;
  return problem;
}

Problem memory_used_up() {
  auto problem = typed_problem(503, "memory-used-up", "Too much is being sent at once",
                               "the memory for clients that send or read slowly is used up");
  problem.retry_after = std::chrono::seconds(1);
  return problem;
}

Problem internal_error() {
  return plain_problem(500, "the server met a condition it was not built for; its log says more");
}

std::string_view reason_phrase(int status) {
  namespace http = boost::beast::http;
  return http::obsolete_reason(http::int_to_status(static_cast<unsigned>(status)));
}

}  // namespace troupe::http
