#include "http/api/endpoints/endpoints.hpp"
#include "http/api/endpoints/row_parts.hpp"
#include "http/api/list_params.hpp"
#include "http/api/pages/list_page.hpp"
#include "http/api/row_problems.hpp"

namespace troupe::http {

Step begin_list_rows(Exchange& exchange, const ServerContext&) {
  if (auto refused = choose_format(exchange)) return std::move(*refused);
  if (exchange.page) {
    if (auto redirect = redirect_form(exchange)) return std::move(*redirect);
  }
  auto query =
      parse_list_params(resource_of(exchange), exchange.request.query, exchange.endpoint->max_offset);
  if (!query) {
    note_unknown_label(exchange, query.error().faults);
    return response_of(problem_of(resource_of(exchange), query.error()));
  }
  auto command = command_of(exchange, actors::CommandKind::list, {});
  command.query = std::make_shared<const schema::ListQuery>(std::move(*query));
  return command;
}

Response finish_list_rows(Exchange& exchange, const actors::Outcome& outcome) {
  const auto& page = *std::get<std::shared_ptr<const actors::ListAnswer>>(outcome);
  auto response =
      exchange.page
          ? list_page(exchange, page)
          : Response{200, exchange.content_type, "Vary: Accept\r\n", {}, page.body(exchange.format)};
  if (page.more()) {
    const auto& resource = resource_of(exchange);
    const auto next = next_link_query(resource, exchange.request.query, page, exchange.endpoint->max_offset);
    if (!next.empty()) response.fields += "Link: <" + resource.path + "?" + next + ">; rel=\"next\"\r\n";
  }
  if (page.total()) response.fields += "X-Total-Count: " + std::to_string(*page.total()) + "\r\n";
  return response;
}

Problem refused_list(const Exchange&, const actors::Failure& failure) {
  return refused_read(failure);
}

}  // namespace troupe::http
