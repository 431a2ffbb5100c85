#pragma once

#include "actors/io/sockets.hpp"
#include "support/settings.hpp"
#include "support/time.hpp"

namespace troupe::actors {

/// What a thread did since it began (Documentation/scheduler/sched-stats of Linux).
struct CoreTime {
  Duration ran{};
  Duration waited{};  ///< it could have run, and others did
};

/// Does a thread have its cores to itself and to those whom it works with, or do strangers hold them? Those
/// leave a patient thread waiting much longer than it runs.
bool has_strangers(const CoreTime& meanwhile);

/// What happens when something wakes this thread while all cores are in use. A patient one (SCHED_BATCH,
/// sched(7)) waits until who runs there rests or has had its time: if that is its own database or client, it
/// finds more to do at once, and nobody is interrupted for each request. Programs that compute without a rest
/// would hold it up for milliseconds: `automatic` looks four times a second and is eager for ten seconds
/// then. Made and used on the thread that it is about.
class Patience {
 public:
  explicit Patience(Wakeups wanted);
  /// Looks, if it is time to.
  void look(TimePoint now) {
    if (now >= next_look_) look_at_cores(now);
  }

 private:
  void look_at_cores(TimePoint now);
  CoreTime core_time() const;

  Descriptor statistics_;  ///< not open: nothing is to be looked at
  CoreTime seen_{};
  bool patient_ = false;
  TimePoint next_look_ = TimePoint::max();
};

}  // namespace troupe::actors
