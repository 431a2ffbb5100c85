#include "http/api/endpoints/endpoint_parts.hpp"
#include "http/api/endpoints/endpoints.hpp"
#include "http/api/item_problems.hpp"
#include "http/api/list_params.hpp"

namespace troupe::http {

Step begin_list_items(Exchange& exchange, const ServerContext&) {
  if (auto refused = choose_format(exchange)) return std::move(*refused);
  auto query = parse_list_params(exchange.request.query);
  if (!query) return response_of(problem_of(query.error()));
  return actors::ListItems{{}, std::move(*query)};
}

Response finish_list_items(Exchange& exchange, const actors::Outcome& outcome) {
  const auto& page = std::get<items::ItemPage>(outcome);
  Response response{200, exchange.content_type, {}, {}};
  items::write_items(exchange.format, page.items, response.body);
  if (page.more) {
    // Read a second time rather than carried along by every request of every endpoint; it was found valid.
    const auto query = parse_list_params(exchange.request.query);
    response.fields = "Link: </items/?" + next_link_query(*query, page) + ">; rel=\"next\"\r\n";
  }
  if (page.total) response.fields += "X-Total-Count: " + std::to_string(*page.total) + "\r\n";
  return response;
}

}  // namespace troupe::http
