#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string_view>
#include <vector>

#include "http/auth/rules.hpp"
#include "http/server/access.hpp"
#include "http/server/router.hpp"
#include "support/result.hpp"

namespace troupe::http {

/// What the time is for people; may be called from any thread.
using WallClock = std::function<std::chrono::system_clock::time_point()>;

/// Judges requests by rules that have been resolved for the endpoints of one router.
class Gate final : public Access {
 public:
  /// `useful`: the roles that may do anything at all.
  Gate(std::shared_ptr<const Rules> rules, std::uint64_t useful, WallClock clock);

  std::optional<Response> refuse(Exchange& exchange) const override;
  std::shared_ptr<const Caller> who_has(std::string_view credential) const override;

 private:
  Result<std::shared_ptr<const Caller>> identify(std::string_view credential) const;

  std::shared_ptr<const Rules> rules_;
  std::uint64_t useful_;
  WallClock clock_;
};

}  // namespace troupe::http
