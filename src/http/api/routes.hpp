#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

#include "http/auth/rules.hpp"
#include "http/server/router.hpp"
#include "support/settings.hpp"

namespace troupe::http {

/// What holds for all of the API.
struct ApiOptions {
  std::uint64_t max_offset = LimitSettings{}.max_offset;  ///< rows that a list may skip
  bool metrics = true;                                    ///< /metrics is one of the endpoints
  std::shared_ptr<const Rules> rules = nullptr;           ///< who may do what; null: everybody everything
};

/// All endpoints of the API, for a Server: health, metrics, the OpenAPI document, of each resource what its
/// methods allow, and the queries. What has a path that is one of ours is not reachable. `max_rows`: that one
/// body may have.
Router api_router(std::span<const postgres::SharedResource> resources, std::size_t max_rows,
                  std::span<const postgres::SharedQuery> queries = {}, const ApiOptions& options = {});

}  // namespace troupe::http
