#pragma once

#include <cstdint>
#include <string_view>

#include "support/distributions.hpp"
#include "support/result.hpp"
#include "support/time.hpp"

namespace troupe::stand_in {

/// How long a stand-in database works on one command. Timers end it, so that in a real run means below about
/// 0.1 ms come out longer; in virtual time they are exact.
struct ServiceTime {
  enum class Kind : std::uint8_t { instant, fixed, exponential };
  Kind kind = Kind::instant;
  Duration mean{};

  bool instant() const { return kind == Kind::instant; }
  Duration sample(Rng& rng) const;
};

/// What stands in for PostgreSQL.
struct StandIn {
  ServiceTime service;
  bool serial = false;  ///< one command at a time in the whole pool, however many connections it has
};

/// "instant", "fixed:5ms", "exponential:5ms" (the mean), or "serial:5ms" (fixed, one command at a time).
Result<StandIn> parse_stand_in(std::string_view text);

/// A time in which a stand-in database answers nothing; what is due meanwhile is answered at its end.
struct Stall {
  TimePoint begin{};
  Duration length{};

  TimePoint end() const { return begin + length; }
  bool covers(TimePoint time) const { return begin <= time && time < end(); }
};

}  // namespace troupe::stand_in
