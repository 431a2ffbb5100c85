#include "http/server/answer_fields.hpp"

#include <string>

#include "http/access_log/trace_context.hpp"

namespace troupe::http {

namespace {

/// The client's own, if it is fit to be repeated; else one is made where the log tells it.
void add_request_id(ServerContext& context, std::size_t worker, Request& request, Response& response) {
  if (request.notes && !is_request_id(request.notes->request_id)) request.notes->request_id.clear();
  const bool told = context.access_log && context.access_log->format() == AccessLogFormat::json;
  if (told && request.note().request_id.empty()) request.notes->request_id = context.ids->next(worker);
  if (!request.notes || request.notes->request_id.empty()) return;
  response.fields.append("X-Request-Id: ").append(request.notes->request_id).append("\r\n");
}

void add_trace(ServerContext& context, std::size_t worker, RequestNotes& notes, Response& response) {
  if (notes.trace_parent.empty()) return;
  const auto parent = parse_trace_parent(notes.trace_parent);
  if (!parent) return notes.trace_parent.clear();
  notes.span_id = context.ids->next_span(worker);
  if (context.settings.server_timing)
    add_to_field("Server-Timing", "traceparent;desc=\"" + trace_parent_of(*parent, notes.span_id) + '"',
                 response.fields);
}

}  // namespace

void add_answer_fields(ServerContext& context, std::size_t worker, Request& request, Response& response) {
  add_request_id(context, worker, request, response);
  if (request.notes) add_trace(context, worker, *request.notes, response);
  Cors::Asked asked;
  asked.options = request.method == Method::options;
  asked.origin = request.origin;
  if (request.notes) asked.wanted_method = request.notes->wanted_method;
  context.cors.add_fields(asked, response.status, response.fields);
}

}  // namespace troupe::http
