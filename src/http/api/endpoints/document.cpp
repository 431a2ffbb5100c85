#include "http/api/endpoints/endpoints.hpp"

namespace troupe::http {

Step begin_document(Exchange& exchange, const ServerContext&) {
  return Response{200, "application/json", {}, {}, exchange.endpoint->document};
}

}  // namespace troupe::http
