#pragma once

#include <atomic>
#include <cstdint>
#include <optional>

namespace troupe::sim {

/// So many of something for all users of a swarm together, whichever workers they are on: any of them may
/// take one at any time, and no more are taken than there are.
class SharedLimit {
 public:
  /// `most`: absent: there is no limit, and taking costs nothing.
  explicit SharedLimit(std::optional<std::uint64_t> most) : limited_(most), left_(most.value_or(0)) {}

  /// One of those that are left; false: there is none.
  bool take() {
    if (!limited_) return true;
    auto left = left_.load(std::memory_order_relaxed);
    while (left > 0 && !left_.compare_exchange_weak(left, left - 1, std::memory_order_relaxed)) {
    }
    return left > 0;
  }
  /// None is left, and none will be.
  bool spent() const { return limited_ && left_.load(std::memory_order_relaxed) == 0; }

 private:
  const bool limited_;
  std::atomic<std::uint64_t> left_;
};

/// What a plan allows all users of a swarm together.
struct SwarmLimits {
  SharedLimit iterations;
  SharedLimit requests;  ///< without what is sent once the load is over
};

}  // namespace troupe::sim
