#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "http/server/router.hpp"

namespace troupe::http {

/// The router in force, which can be replaced while requests are served: each connection actor has a
/// reference of its own, and looks at the version before every request. A route keeps its place in HttpStats
/// by its name, whatever comes and goes. From any thread.
class ActiveRoutes {
 public:
  ActiveRoutes() = default;
  ActiveRoutes(const ActiveRoutes&) = delete;
  ActiveRoutes& operator=(const ActiveRoutes&) = delete;

  /// Requests that come from now on are routed by `router`.
  void replace(Router router);
  std::shared_ptr<const Router> current() const;
  /// Another number after each `replace`.
  std::uint64_t version() const { return version_.load(std::memory_order_acquire); }
  /// Names of the places in HttpStats. Routes beyond the last place are counted as "other".
  std::vector<std::string> names() const;

 private:
  mutable std::mutex mutex_;
  std::shared_ptr<const Router> router_;
  std::vector<std::string> names_;
  std::atomic<std::uint64_t> version_{0};
};

}  // namespace troupe::http
