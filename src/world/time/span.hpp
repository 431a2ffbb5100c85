#pragma once

#include "support/random.hpp"
#include "support/time.hpp"

namespace troupe::world {

/// From which and up to which a time is drawn, each as likely.
struct Span {
  Duration min{}, max{};
};

/// `min` where `max` is not above it.
inline Duration draw(const Span& span, Rng& random) {
  const auto width = (span.max - span.min).count();
  if (width <= 0) return span.min;
  return span.min + Duration(static_cast<Duration::rep>(random.below(static_cast<std::uint64_t>(width) + 1)));
}

}  // namespace troupe::world
