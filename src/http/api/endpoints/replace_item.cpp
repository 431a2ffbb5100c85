#include "http/api/endpoints/endpoint_parts.hpp"
#include "http/api/endpoints/endpoints.hpp"

namespace troupe::http {

Step begin_replace_item(Exchange& exchange, const ServerContext&) {
  if (auto refused = choose_format(exchange)) return std::move(*refused);
  auto item = read_body(exchange, &items::read_new_item);
  if (auto* refused = std::get_if<Response>(&item)) return std::move(*refused);
  auto change = items::ItemChange::replace_with(std::get<items::NewItem>(std::move(item)));
  return actors::UpdateItem{{}, *exchange.id, std::move(change)};
}

}  // namespace troupe::http
