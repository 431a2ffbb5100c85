#pragma once

#include <cstddef>
#include <span>
#include <string>

#include "postgres/catalogue/served_resource.hpp"
#include "postgres/queries/served_query.hpp"

namespace troupe::http {

/// The OpenAPI 3.1 document of these resources, each with a path of its own, and of what else the server
/// answers, as JSON. `max_rows`: that one body may have; `metrics`: whether /metrics is
/// there. Pure; from any thread.
std::string openapi_document(std::span<const postgres::SharedResource> resources, std::size_t max_rows,
                             std::span<const postgres::SharedQuery> queries = {}, bool metrics = true);

}  // namespace troupe::http
