#include "http/api/endpoints/endpoint_parts.hpp"
#include "http/api/endpoints/endpoints.hpp"

namespace troupe::http {

Step begin_create_item(Exchange& exchange, const ServerContext&) {
  if (auto refused = choose_format(exchange)) return std::move(*refused);
  auto item = read_body(exchange, &items::read_new_item);
  if (auto* refused = std::get_if<Response>(&item)) return std::move(*refused);
  return actors::CreateItem{{}, std::get<items::NewItem>(std::move(item))};
}

Response finish_create_item(Exchange& exchange, const actors::Outcome& outcome) {
  const auto& item = std::get<items::Item>(outcome);
  auto response = item_response(exchange, 201, item);
  response.fields = "Location: /items/" + std::to_string(item.id) + "\r\n";
  return response;
}

}  // namespace troupe::http
