#include "http/server/active_routes.hpp"

#include <algorithm>
#include <utility>

#include "http/server/http_stats.hpp"

namespace troupe::http {

void ActiveRoutes::replace(Router router) {
  const std::lock_guard lock(mutex_);
  for (auto& endpoint : router.endpoints()) {
    const auto known = std::ranges::find(names_, endpoint.name);
    endpoint.place = std::min(static_cast<std::size_t>(known - names_.begin()), HttpStats::place_of_others);
    if (known == names_.end() && names_.size() < HttpStats::place_of_others) names_.push_back(endpoint.name);
  }
  router_ = std::make_shared<const Router>(std::move(router));
  version_.fetch_add(1, std::memory_order_release);
}

std::shared_ptr<const Router> ActiveRoutes::current() const {
  const std::lock_guard lock(mutex_);
  return router_;
}

std::vector<std::string> ActiveRoutes::names() const {
  const std::lock_guard lock(mutex_);
  return names_;
}

}  // namespace troupe::http
