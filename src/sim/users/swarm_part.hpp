#pragma once

#include <atomic>
#include <boost/intrusive/list.hpp>
#include <caf/actor.hpp>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "actors/runtime/worker.hpp"
#include "sim/load/plan.hpp"
#include "sim/measure/failure_samples.hpp"
#include "sim/measure/recorder.hpp"
#include "sim/measure/waterfall.hpp"
#include "sim/rows/row_book.hpp"
#include "sim/transport/transport.hpp"
#include "sim/users/shared_limit.hpp"

namespace troupe::sim {

class VirtualUser;

/// Links the users with a request under way, oldest first.
using BusyHook = boost::intrusive::list_base_hook<boost::intrusive::link_mode<boost::intrusive::normal_link>>;

/// The requests of one phase of a cycle that fall to one worker.
struct PhaseJobs {
  std::size_t task = 0;
  std::size_t next = 0;       ///< the next item's position in `items`
  std::size_t under_way = 0;  ///< users at work
};

/// How long users' own turns take, of which some are timed: a clock at each would be a part of what it
/// measures.
struct UserTurns {
  static constexpr std::uint64_t one_in = 64;
  std::uint64_t count = 0;
  Duration timed{};
  Duration estimate() const { return timed * static_cast<Duration::rep>(one_in); }
};

/// What the users of one worker share: touched on that worker's thread only, by its swarm actor and its
/// users, so without a lock.
struct SwarmPart {
  SwarmPart(actors::Worker& home, std::shared_ptr<const Plan> what, const Material& with, Transport& way,
            Waterfall* spans, std::deque<RowBook>& known, const std::vector<std::string>& given,
            SwarmLimits& most)
      : worker(home),
        plan(std::move(what)),
        scenario(*plan->scenario),
        material(with),
        transport(way),
        waterfall(spans),
        recorder(scenario.tasks.size()),
        books(known),
        variables(given),
        limits(most) {}

  actors::Worker& worker;
  std::shared_ptr<const Plan> plan;
  const Scenario& scenario;
  const Material& material;
  Transport& transport;
  Waterfall* waterfall;  ///< null: nobody asks
  Recorder recorder;
  std::deque<RowBook>& books;                 ///< one for each table of the material
  const std::vector<std::string>& variables;  ///< that users begin with
  SwarmLimits& limits;                        ///< of all parts together
  /// What the request that is being made up sends, used again for the next one.
  RowValues values;
  std::vector<std::string> parameters;
  Sender sender;
  Duration unix_offset{};  ///< from the timers' zero to Unix time, for {now}

  /// Cycle: the key of each item that this part is to make, empty until it is made.
  std::vector<RowKey> cycle_items;
  PhaseJobs jobs;
  boost::intrusive::list<VirtualUser, boost::intrusive::base_hook<BusyHook>,
                         boost::intrusive::constant_time_size<true>>
      busy;
  std::vector<VirtualUser*> idle;  ///< open workload: users without a request
  std::deque<TimePoint> backlog;   ///< open workload: when the arrivals were due that wait for a user
  /// How many are busy, for the thread that leads the swarm to look at.
  std::atomic<std::uint64_t> busy_now{0};
  std::atomic<std::uint64_t> backlog_now{0};  ///< the same of the backlog
  Histogram timer_lag;  ///< how late this worker's timers come: punctual users need punctual timers
  FailureSamples samples;
  UserTurns turns;
  std::uint64_t alive = 0;                                 ///< users spawned and not yet ended
  std::uint64_t done = 0;                                  ///< users that ended by themselves
  std::optional<std::vector<std::string>> last_variables;  ///< of the last one of those
  bool load_over = false;                                  ///< what is sent now is no load: users say goodbye
  bool discarding = false;  ///< what is given up now is not a result: the run was interrupted
  caf::actor actor;         ///< this part's SwarmActor
};

/// Whom a swarm actor tells what happens in its part. Called on the part's worker.
struct PartEvents {
  std::function<void(Interval)> on_interval;
  std::function<void()> on_phase_done;  ///< cycle: every request of the phase was answered
  std::function<void()> on_users_done;  ///< no user of it has anything left to do, before the load ends
  std::function<void()> on_end;         ///< the last user has ended
};

}  // namespace troupe::sim
