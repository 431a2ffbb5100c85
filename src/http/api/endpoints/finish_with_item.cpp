#include "http/api/endpoints/endpoint_parts.hpp"
#include "http/api/endpoints/endpoints.hpp"

namespace troupe::http {

Response finish_with_item(Exchange& exchange, const actors::Outcome& outcome) {
  if (const auto* item = std::get_if<items::Item>(&outcome)) return item_response(exchange, 200, *item);
  return no_such_item(exchange);
}

}  // namespace troupe::http
