#include "http/endpoints/endpoints.hpp"
#include "http/endpoints/item_body.hpp"

namespace troupe::http {

Step begin_get_item(Exchange& exchange, const Services&) {
  if (auto refused = choose_format(exchange)) return std::move(*refused);
  return actors::ReadItem{{}, *exchange.id};
}

Response finish_with_item(Exchange& exchange, actors::Outcome outcome) {
  if (const auto* item = std::get_if<items::Item>(&outcome)) return item_response(exchange, 200, *item);
  return no_such_item(exchange);
}

}  // namespace troupe::http
