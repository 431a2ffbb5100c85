#include "http/api/endpoints/endpoint_parts.hpp"

#include "http/server/problem.hpp"

namespace troupe::http {

Response item_response(const Exchange& exchange, int status, const items::Item& item) {
  Response response{status, exchange.content_type, {}, {}};
  items::write_item(exchange.format, item, response.body);
  return response;
}

Response no_such_type(const Exchange& exchange) {
  auto response = response_of(unsupported_media_type());
  if (exchange.request.method == Method::patch)
    response.fields +=
        "Accept-Patch: application/json, application/merge-patch+json, application/msgpack\r\n";
  return response;
}

Response no_such_item(const Exchange& exchange) {
  return response_of(not_found("there is no item with id " + std::to_string(exchange.id.value_or(0))));
}

}  // namespace troupe::http
