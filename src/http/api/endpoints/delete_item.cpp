#include "http/api/endpoints/endpoint_parts.hpp"
#include "http/api/endpoints/endpoints.hpp"

namespace troupe::http {

Step begin_delete_item(Exchange& exchange, const ServerContext&) {
  return actors::DeleteItem{{}, *exchange.id};
}

Response finish_delete_item(Exchange& exchange, const actors::Outcome& outcome) {
  if (std::holds_alternative<actors::Done>(outcome)) return {204, {}, {}, {}};
  return no_such_item(exchange);
}

}  // namespace troupe::http
