#include "http/api/endpoints/endpoint_parts.hpp"
#include "http/api/endpoints/endpoints.hpp"

namespace troupe::http {

Step begin_change_item(Exchange& exchange, const ServerContext&) {
  if (auto refused = choose_format(exchange)) return std::move(*refused);
  auto change = read_body(exchange, &items::read_item_change);
  if (auto* refused = std::get_if<Response>(&change)) return std::move(*refused);
  return actors::UpdateItem{{}, *exchange.id, std::get<items::ItemChange>(std::move(change))};
}

}  // namespace troupe::http
