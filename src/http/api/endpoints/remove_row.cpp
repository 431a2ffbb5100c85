#include "http/api/endpoints/endpoints.hpp"
#include "http/api/endpoints/row_parts.hpp"
#include "http/api/row_problems.hpp"

namespace troupe::http {

Step begin_remove_row(Exchange& exchange, const ServerContext&) {
  auto row = row_to_change(exchange);
  if (auto* refused = std::get_if<Response>(&row)) return std::move(*refused);
  auto& [key, precondition] = std::get<RowToChange>(row);
  if (precondition.must_be_new) return command_of(exchange, actors::CommandKind::read, std::move(key));
  if (resource_of(exchange).has_xmin) append_versions(precondition, key);
  return command_of(exchange, actors::CommandKind::remove, std::move(key));
}

Response finish_remove_row(Exchange& exchange, const actors::Outcome& outcome) {
  if (std::holds_alternative<actors::Done>(outcome)) return {204, {}, {}, {}, {}};
  const bool only_read = std::holds_alternative<actors::RowAnswer>(outcome);  // If-None-Match: *
  if (only_read || !precondition_of(exchange.request).none)
    return response_of(precondition_failed(resource_of(exchange)));
  return no_such_row(exchange);
}

}  // namespace troupe::http
