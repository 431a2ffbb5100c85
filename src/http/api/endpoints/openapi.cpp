#include "http/api/openapi.hpp"

#include "http/api/endpoints/endpoints.hpp"

namespace troupe::http {

Step begin_openapi(Exchange&, const ServerContext&) {
  return Response{200, "application/json", {}, openapi_document()};
}

}  // namespace troupe::http
