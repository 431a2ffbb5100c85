#pragma once

#include <optional>
#include <string_view>

#include "support/result.hpp"
#include "support/time.hpp"

namespace troupe::sim {

/// How much of a run's beginning is left out of its statistics.
struct WarmUp {
  std::optional<Duration> fixed{Duration{}};  ///< absent: found by MSER-5
  bool operator==(const WarmUp&) const = default;
};

/// Reads `auto`, or a duration. The Error is one line that begins with "warm-up".
Result<WarmUp> parse_warm_up(std::string_view text);

}  // namespace troupe::sim
