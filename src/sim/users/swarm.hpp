#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "actors/runtime/runtime.hpp"
#include "sim/load/plan.hpp"
#include "sim/measure/recorder.hpp"
#include "sim/users/swarm_part.hpp"

namespace troupe::sim {

/// Whom a swarm tells what happens in it. Called on the thread that runs the swarm's loop.
struct SwarmEvents {
  std::function<void(Interval)> on_interval;       ///< merged over the workers, in order
  std::function<void(std::size_t)> on_phase_done;  ///< cycle: the phase that ended
  /// All users have done their iterations, or all requests of the plan were answered: the swarm ends before
  /// its time.
  std::function<void()> on_users_done = [] {};
  std::function<void()> on_end;  ///< the last user has ended; nothing is told any more
};

/// What users find when they begin.
struct Supplies {
  std::vector<RowKey> items{};           ///< keys of items that exist
  std::vector<std::string> variables{};  ///< that each user has, as Scenario::variables; none: they have none
};

/// All users of a run: a swarm actor on every worker, led from one other thread, which runs `loop`, owns this
/// object and keeps it until on_end.
class Swarm {
 public:
  /// `waterfall` may be null.
  Swarm(boost::asio::io_context& loop, actors::Runtime& runtime, std::shared_ptr<const Plan> plan,
        const Material& material, Transport& transport, Waterfall* waterfall, Supplies supplies);

  /// Spawns the users. A cycle begins its first phase, and each following one when the one before is done.
  void start(TimePoint start, SwarmEvents events);
  /// Begins no further request. `at_once`: what is not answered soon is recorded as unfinished.
  void end(bool at_once);

  /// After the end: the keys of what a cycle has created.
  std::vector<RowKey> cycle_items() const;
  /// After the end of a swarm of one user: its variables; none: it has not done all that it was to do, nor
  /// given up.
  const std::optional<std::vector<std::string>>& variables() const { return parts_.front()->last_variables; }
  /// After the end: how late the workers' timers came.
  Histogram timer_lag() const;
  /// The same: the first failures of a few kinds.
  FailureSamples samples() const;
  /// The same: for how long the users' own turns took the workers, about.
  Duration users_time() const;

 private:
  struct Gathered {
    Interval merged;
    std::size_t parts = 0;
  };
  PartEvents events_of_part();
  void on_part_interval(Interval part);
  void on_part_phase_done();
  void on_part_users_done();
  void on_part_end();
  void begin_phase(std::size_t phase);
  void look();
  void add_looks(Interval& interval);

  boost::asio::io_context& loop_;
  actors::Runtime& runtime_;
  std::shared_ptr<const Plan> plan_;
  std::vector<std::string> variables_;  ///< that users begin with
  std::deque<RowBook> books_;           ///< one for each table of the material; a book stays where it is
  SwarmLimits limits_;
  std::vector<std::shared_ptr<SwarmPart>> parts_;
  std::vector<caf::actor> actors_;
  SwarmEvents events_;
  std::map<Duration, Gathered> gathered_;  ///< by when they begin; not yet told by every part
  /// How many requests were under way at a moment since the start. Looked at from here and not from the
  /// workers, whose looks would come together with the requests that their timers begin.
  struct Look {
    Duration when{};
    std::uint64_t busy = 0;
    std::uint64_t backlog = 0;
  };
  boost::asio::steady_timer look_timer_;
  TimePoint start_{};
  std::shared_ptr<bool> there_ = std::make_shared<bool>(true);
  std::deque<Look> looks_;  ///< that no interval has been told of
  Look last_look_;          ///< for an interval in which nobody looked
  std::size_t phase_ = 0;
  std::size_t parts_in_phase_ = 0;
  std::size_t parts_left_ = 0;
  std::size_t parts_with_users_ = 0;  ///< whose users have something to do
};

}  // namespace troupe::sim
