#pragma once

#include <optional>

#include "support/time.hpp"

namespace troupe::sim {

/// What a client sees of where a request's time went. The rest of it is waiting for the answer's first byte.
struct RequestTimes {
  Duration connect{};             ///< 0: on a connection that was there
  std::optional<Duration> tls{};  ///< the handshake's, 0 on a connection that was there; absent: no https
  /// Of the answer's first byte; TimePoint{}: all of it was read at once, and nobody asked a clock.
  TimePoint first_byte{};
};

}  // namespace troupe::sim
