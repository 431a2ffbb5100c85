#include "http/api/endpoints/endpoint_parts.hpp"
#include "http/api/endpoints/endpoints.hpp"
#include "http/api/list_params.hpp"

namespace troupe::http {

Step begin_list_items(Exchange& exchange, const ServerContext&) {
  if (auto refused = choose_format(exchange)) return std::move(*refused);
  auto query = parse_list_params(exchange.request.query);
  if (!query) return response_of(problem_of(query.error()));
  exchange.list = std::move(*query);
  return actors::ListItems{{}, *exchange.list};
}

Response finish_list_items(Exchange& exchange, actors::Outcome outcome) {
  const auto& page = std::get<items::ItemPage>(outcome);
  Response response{200, content_type_of(exchange.format), {}, {}};
  items::write_items(exchange.format, page.items, response.body);
  if (page.more) {
    response.fields = "Link: </items/?" + next_link_query(*exchange.list, page) + ">; rel=\"next\"\r\n";
  }
  if (page.total) response.fields += "X-Total-Count: " + std::to_string(*page.total) + "\r\n";
  return response;
}

}  // namespace troupe::http
