#include "http/openapi.hpp"

#include "http/endpoints/endpoints.hpp"

namespace troupe::http {

Step begin_openapi(Exchange&, const Services&) {
  return Response{200, "application/json", {}, openapi_document()};
}

}  // namespace troupe::http
