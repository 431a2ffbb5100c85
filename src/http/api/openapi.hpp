#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include "http/server/router.hpp"
#include "postgres/catalogue/served_resource.hpp"
#include "postgres/queries/served_query.hpp"
#include "support/settings.hpp"

namespace troupe::http {

/// What the document tells beside resources and queries.
struct DocumentOptions {
  std::uint64_t max_offset = LimitSettings{}.max_offset;  ///< rows that a list may skip
  bool metrics = true;                                    ///< whether /metrics is there
  /// The endpoints for which rules were resolved; none: everybody may do everything.
  std::span<const Endpoint> guarded{};
};

/// The OpenAPI 3.1 document of these resources, each with a path of its own, and of what else the server
/// answers, as JSON. `max_rows`: that one body may have. Pure; from any thread.
std::string openapi_document(std::span<const postgres::SharedResource> resources, std::size_t max_rows,
                             std::span<const postgres::SharedQuery> queries = {},
                             const DocumentOptions& options = {});

}  // namespace troupe::http
