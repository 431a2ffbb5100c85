#include "http/api/endpoints/endpoints.hpp"
#include "http/api/endpoints/row_parts.hpp"
#include "http/api/row_problems.hpp"

namespace troupe::http {

Step begin_change_row(Exchange& exchange, const ServerContext&) {
  if (auto refused = choose_format(exchange)) return std::move(*refused);
  auto row = row_to_change(exchange);
  if (auto* refused = std::get_if<Response>(&row)) return std::move(*refused);
  auto& [key, precondition] = std::get<RowToChange>(row);
  auto body = read_row_body(exchange, &schema::read_change);
  if (auto* refused = std::get_if<Response>(&body)) return std::move(*refused);
  if (precondition.must_be_new) return command_of(exchange, actors::CommandKind::read, std::move(key));
  if (resource_of(exchange).has_xmin) append_versions(precondition, key);
  return command_of(exchange, actors::CommandKind::change, key + std::get<schema::BodyRows>(body).elements);
}

Response finish_change_row(Exchange& exchange, const actors::Outcome& outcome) {
  const auto precondition = precondition_of(exchange.request);
  const auto* answer = std::get_if<actors::RowAnswer>(&outcome);
  // With If-Match there was a row of that version, or the condition failed; with If-None-Match: * it was only
  // read.
  if (answer == nullptr && !precondition.none) return response_of(precondition_failed(resource_of(exchange)));
  if (answer == nullptr) return no_such_row(exchange);
  if (precondition.must_be_new) return response_of(precondition_failed(resource_of(exchange)));
  return row_response(exchange, answer->made ? 201 : 200, *answer);
}

Problem refused_change(const Exchange& exchange, const actors::Failure& failure) {
  return refused_write(resource_of(exchange), failure);
}

}  // namespace troupe::http
