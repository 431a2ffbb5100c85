#pragma once

#include <boost/intrusive/list.hpp>
#include <caf/actor.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "actors/runtime/worker.hpp"
#include "sim/load/plan.hpp"
#include "sim/measure/recorder.hpp"
#include "sim/measure/waterfall.hpp"
#include "sim/transport/transport.hpp"

namespace troupe::sim {

class VirtualUser;

/// Links the users with a request under way, oldest first.
using BusyHook = boost::intrusive::list_base_hook<boost::intrusive::link_mode<boost::intrusive::normal_link>>;

/// Answers that came after the load had ended: requests that began in its last moments. They belong into the
/// distributions, but not into a rate over the time of the load.
struct LastAnswers {
  std::uint64_t good = 0;
  std::uint64_t failed = 0;
  Duration beyond{};  ///< how long after the load's end each came, added up
};

/// The requests of one phase of a cycle that fall to one worker.
struct PhaseJobs {
  std::size_t task = 0;
  std::size_t next = 0;       ///< the next item's position in `items`
  std::size_t under_way = 0;  ///< users at work
};

/// What the users of one worker share: touched on that worker's thread only, by its swarm actor and its
/// users, so without a lock.
struct SwarmPart {
  SwarmPart(actors::Worker& home, std::shared_ptr<const Plan> what, Transport& way, Waterfall* spans)
      : worker(home),
        plan(std::move(what)),
        scenario(*plan->scenario),
        transport(way),
        waterfall(spans),
        recorder(scenario.tasks.size()),
        keys(scenario.keys) {}

  actors::Worker& worker;
  std::shared_ptr<const Plan> plan;
  const Scenario& scenario;
  Transport& transport;
  Waterfall* waterfall;  ///< null: an outside server
  Recorder recorder;
  KeyPicker keys;
  std::optional<std::size_t> create_task;  ///< what a user without an item does instead

  /// Ids of items that exist and that any user of this part may take. In a cycle: one for each item that this
  /// part is to make, 0 until it is made.
  std::vector<std::int64_t> items;
  PhaseJobs jobs;
  boost::intrusive::list<VirtualUser, boost::intrusive::base_hook<BusyHook>,
                         boost::intrusive::constant_time_size<false>>
      busy;
  std::vector<VirtualUser*> idle;  ///< open workload: users without a request
  Histogram timer_lag;             ///< how late this worker's timers come, on which its users depend
  std::uint64_t alive = 0;         ///< users spawned and not yet ended
  /// From then on no request begins. The latest moment there is while nobody knows it (cycle).
  TimePoint load_end = TimePoint::max();
  LastAnswers last_answers;
  bool discarding = false;  ///< the run was interrupted: requests that are given up now are not recorded
  caf::actor actor;         ///< this part's SwarmActor
};

/// Whom a swarm actor tells what happens in its part. Called on the part's worker.
struct PartEvents {
  std::function<void(Interval)> on_second;  ///< once a second, and once at the end
  std::function<void()> on_phase_done;      ///< cycle: every request of the phase was answered
  std::function<void()> on_end;             ///< the last user has ended
};

}  // namespace troupe::sim
