#include "support/log_limiter.hpp"

#include <catch2/catch.hpp>

using namespace troupe;
using namespace std::chrono_literals;

TEST_CASE("a kind of line is logged once a minute, and the next one tells how many were left out") {
  LogLimiter limiter;
  const TimePoint start{1h};
  CHECK(limiter.admit("a", start) == "");
  CHECK(limiter.admit("a", start) == std::nullopt);
  CHECK(limiter.admit("b", start + 1s) == "");  // kinds do not know each other
  CHECK(limiter.admit("a", start + 59s) == std::nullopt);
  CHECK(limiter.admit("a", start + 60s) == " (and 2 more like it since the last)");
  CHECK(limiter.admit("a", start + 119s) == std::nullopt);
  CHECK(limiter.admit("a", start + 1h) == " (and 1 more like it since the last)");
  CHECK(limiter.admit("a", start + 2h) == "");
}
