#include "http/api/endpoints/endpoint_parts.hpp"
#include "http/api/endpoints/endpoints.hpp"

namespace troupe::http {

Step begin_get_item(Exchange& exchange, const ServerContext&) {
  if (auto refused = choose_format(exchange)) return std::move(*refused);
  return actors::ReadItem{{}, *exchange.id};
}

}  // namespace troupe::http
