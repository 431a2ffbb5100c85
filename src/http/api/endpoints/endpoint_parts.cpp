#include "http/api/endpoints/endpoint_parts.hpp"

#include "http/server/problem.hpp"

namespace troupe::http {

Response item_response(const Exchange& exchange, int status, const items::Item& item) {
  Response response{status, content_type_of(exchange.format), {}, {}};
  items::write_item(exchange.format, item, response.body);
  return response;
}

Response no_such_item(const Exchange& exchange) {
  return response_of(not_found("there is no item with id " + std::to_string(exchange.id.value_or(0))));
}

}  // namespace troupe::http
