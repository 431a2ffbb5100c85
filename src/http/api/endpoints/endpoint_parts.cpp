#include "http/api/endpoints/endpoint_parts.hpp"

#include "http/server/problem.hpp"

namespace troupe::http {

std::optional<Response> choose_format(Exchange& exchange) {
  const auto format = choose_answer_format(exchange.request.accept);
  if (!format) return response_of(not_acceptable());
  exchange.format = *format;
  return std::nullopt;
}

Response item_response(const Exchange& exchange, int status, const items::Item& item) {
  Response response{status, content_type_of(exchange.format), {}, {}};
  items::write_item(exchange.format, item, response.body);
  return response;
}

Response no_such_item(const Exchange& exchange) {
  return response_of(not_found("there is no item with id " + std::to_string(exchange.id.value_or(0))));
}

}  // namespace troupe::http
