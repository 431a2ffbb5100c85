#include "http/server/log_answer.hpp"

#include "http/access_log/trace_context.hpp"
#include "http/server/response_head.hpp"

namespace troupe::http {

namespace {

std::string_view method_of(const Request& request) {
  if (request.method == Method::get && request.path.empty()) return {};  // nothing of the line was read
  const auto name = name_of(request.method);
  return name.empty() && request.notes ? std::string_view(request.notes->method) : name;
}

std::size_t body_size(const Request& request, const Response& response) {
  if (request.method == Method::head || response.status == 204 || response.status == 304) return 0;
  return response.shared_body ? response.shared_body->size() : response.body.size();
}

}  // namespace

void log_answer(const ServerContext& context, actors::Worker& home, const AnsweredRequest& answered,
                const Response& response, Duration took) {
  if (!context.access_log) return;
  const auto& request = answered.request;
  AccessRecord record;
  record.client = answered.client;
  record.caller = answered.caller;
  record.method = method_of(request);
  record.path = request.path;
  record.query = request.query;
  record.http_1_0 = request.http_1_0;
  record.route = answered.route;
  record.status = response.status;
  record.bytes = body_size(request, response);
  record.took = took;
  if (const auto* notes = request.notes.get()) {
    record.request_id = notes->request_id;
    if (const auto trace = parse_trace_parent(notes->trace_parent)) {
      record.trace_id = trace->trace_id;
      record.parent_id = trace->parent_id;
      record.span_id = notes->span_id;
    }
    record.referer = notes->referer;
    record.user_agent = notes->user_agent;
  }
  context.access_log->add(home, record, about_now());
}

}  // namespace troupe::http
