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

/// Whether a thread that was, or was not, `patient` for a quarter of a second should be so now. Strangers
/// leave a thread waiting for a core much longer than it runs; who runs much itself shares the cores with
/// those whom it works with.
bool should_be_patient(bool patient, const CoreTime& meanwhile);

/// What happens when something wakes this thread while all cores are in use. A patient one (SCHED_BATCH,
/// sched(7)) waits until who runs there rests or has had its time: if that is its own database or client, it
/// finds more to do at once, and nobody is interrupted for each request. Programs that compute without a rest
/// would hold it up for milliseconds: `automatic` looks four times a second whether there are such. Made and
/// used on the thread that it is about.
class Patience {
 public:
  /// Looks for the first time a quarter of a second after `now`.
  Patience(Wakeups wanted, TimePoint now);
  /// Looks, if it is time to.
  void look(TimePoint now) {
    if (now >= next_look_) look_at_cores(now);
  }

 private:
  void look_at_cores(TimePoint now);
  void set(bool patient);
  CoreTime core_time() const;

  Descriptor statistics_;  ///< not open: nothing is to be looked at
  CoreTime seen_{};
  bool patient_ = false;
  TimePoint next_look_ = TimePoint::max();
};

}  // namespace troupe::actors
