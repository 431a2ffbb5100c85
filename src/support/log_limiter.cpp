#include "support/log_limiter.hpp"

#include <utility>

namespace troupe {

namespace {

constexpr std::chrono::minutes pause{1};

}  // namespace

std::optional<std::string> LogLimiter::admit(std::string_view key, TimePoint now) {
  const std::lock_guard lock(mutex_);
  const auto known = kinds_.find(key);
  if (known == kinds_.end()) {
    kinds_.emplace(key, Kind{now});
    return std::string();
  }
  auto& kind = known->second;
  if (now - kind.logged < pause) {
    ++kind.left_out;
    return std::nullopt;
  }
  kind.logged = now;
  const auto left_out = std::exchange(kind.left_out, 0);
  return left_out == 0 ? std::string()
                       : " (and " + std::to_string(left_out) + " more like it since the last)";
}

}  // namespace troupe
