#pragma once

#include <boost/asio/io_context.hpp>
#include <functional>
#include <map>
#include <memory>
#include <vector>

#include "actors/runtime/runtime.hpp"
#include "sim/load/plan.hpp"
#include "sim/measure/recorder.hpp"
#include "sim/users/swarm_part.hpp"

namespace troupe::sim {

/// Whom a swarm tells what happens in it. Called on the thread that runs the swarm's loop.
struct SwarmEvents {
  std::function<void(Interval)> on_second;         ///< what all workers recorded in one second, in order
  std::function<void(std::size_t)> on_phase_done;  ///< cycle: the phase that ended
  std::function<void()> on_end;                    ///< the last user has ended; nothing is told any more
};

/// All users of a run: a swarm actor on every worker, led from one other thread, which runs `loop`, owns this
/// object and keeps it until on_end.
class Swarm {
 public:
  /// `items`: ids of items that exist, dealt out to the workers. `waterfall` may be null.
  Swarm(boost::asio::io_context& loop, actors::Runtime& runtime, std::shared_ptr<const Plan> plan,
        Transport& transport, Waterfall* waterfall, const std::vector<std::int64_t>& items);

  /// Spawns the users. A cycle begins its first phase, and each following one when the one before is done.
  void start(TimePoint start, SwarmEvents events);
  /// Ends the run: no further request begins. `at_once`: a request that is not answered within a second
  /// is given up and not recorded.
  void end(bool at_once);

  /// The ids that the parts know of, after the end: what a cycle has created.
  std::vector<std::int64_t> items() const;
  /// After the end: how late the workers' timers came.
  Histogram timer_lag() const;
  /// After the end: what was answered when no further request was begun.
  LastAnswers last_answers() const;

 private:
  struct Second {
    Interval merged;
    std::size_t parts = 0;
  };
  PartEvents events_of_part();
  void on_part_second(Interval part);
  void on_part_phase_done();
  void on_part_end();
  void begin_phase(std::size_t phase);

  boost::asio::io_context& loop_;
  actors::Runtime& runtime_;
  std::shared_ptr<const Plan> plan_;
  std::vector<std::shared_ptr<SwarmPart>> parts_;
  std::vector<caf::actor> actors_;
  SwarmEvents events_;
  std::map<std::uint64_t, Second> seconds_;  ///< not yet told by every part
  std::size_t phase_ = 0;
  std::size_t parts_in_phase_ = 0;
  std::size_t parts_left_ = 0;
};

}  // namespace troupe::sim
