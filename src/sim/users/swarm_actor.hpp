#pragma once

#include <caf/actor.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "actors/runtime/pinned_actor.hpp"
#include "sim/users/swarm_part.hpp"

namespace troupe::sim {

/// Which of the run's swarm actors this one is.
struct PartPlace {
  std::size_t index = 0;
  std::size_t parts = 1;
  TimePoint start{};  ///< of the run
};

/// Leads the users of one worker: spawns and ends them as the plan wants, fires arrivals, gives up requests
/// that take too long, hands over what was recorded. Ends by itself when the plan is over, or
/// at EndRun; then only after its last user.
class SwarmActor final : public actors::PinnedActor {
 public:
  SwarmActor(caf::actor_config& config, std::shared_ptr<SwarmPart> part, PartPlace place, PartEvents events);

 protected:
  caf::behavior make_behavior() override;

 private:
  enum Token : std::uint64_t { pace_token, interval_token, late_check_token, grace_token };

  void on_tick(std::uint64_t token);
  void pace();
  void pace_users();
  void pace_arrivals();
  void begin_phase(std::size_t phase);
  void arrive(TimePoint intended);
  void spawn_user();
  void hand_over();
  void tell(std::vector<Interval> intervals);
  void give_up_late_requests();
  void dismiss_users();
  void end(bool at_once);
  void leave();
  void tell_if_users_done();
  void call_at(TimePoint when, Token token);

  TimePoint now() { return home().timers().precisely(); }
  std::uint64_t own_share(std::uint64_t total) const { return share_of(total, place_.index, place_.parts); }

  std::shared_ptr<SwarmPart> part_;
  PartPlace place_;
  PartEvents events_;
  std::vector<caf::actor> users_;
  Arrivals arrivals_;
  NextArrival next_arrival_;
  Rng dropped_task_;
  TimePoint next_late_check_{};
  std::uint64_t spawned_ = 0;
  bool ending_ = false;
  bool left_ = false;
  bool dismissed_ = false;  ///< its users: they need not wait for a request that none is left for
  bool told_users_done_ = false;
};

}  // namespace troupe::sim
