#pragma once

#include "support/time.hpp"

namespace troupe::actors {

/// The mean of a duration of late: a new one counts a sixteenth. Used by one actor.
class MovingMean {
 public:
  void add(Duration value) {
    value_ += known_ ? (value - value_) / 16 : value;
    known_ = true;
  }
  Duration value() const { return value_; }

 private:
  Duration value_{};
  bool known_ = false;
};

}  // namespace troupe::actors
