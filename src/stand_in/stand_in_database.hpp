#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "actors/database/database_pool.hpp"
#include "actors/runtime/pinned_actor.hpp"
#include "actors/runtime/runtime.hpp"
#include "stand_in/stand_in.hpp"
#include "stand_in/stand_in_rows.hpp"
#include "stand_in/stand_in_station.hpp"
#include "support/settings.hpp"

namespace troupe::stand_in {

/// Answers the commands of a database actor from nothing, at once or after a service time: every id exists,
/// lists are empty, creates are numbered. A run on a pool of these measures everything but PostgreSQL, or has
/// a database whose behaviour is known. Stores no row.
class StandInDatabase final : public actors::PinnedActor {
 public:
  /// What one member of a pool is given.
  struct Place {
    std::size_t index = 0;
    std::size_t members = 1;
    std::shared_ptr<actors::DatabaseActorStats> stats;
    ServiceTime service;
    std::shared_ptr<StandInStation> station;  ///< shared by the pool; null: commands are answered at once
    Rng rng;
    std::optional<Stall> stall;
  };
  StandInDatabase(caf::actor_config& config, actors::Worker& home, bool home_runs_actors, Place place);

 protected:
  caf::behavior make_behavior() override;

 private:
  enum Token : std::uint64_t { stall_token, service_token };

  void on_command(actors::Command command);
  void on_timer(std::uint64_t token);
  void stop();
  void serve(std::optional<StandInJob> job);
  TimePoint service_end(TimePoint begin);
  void answer(StandInJob& job, TimePoint begin, TimePoint end);
  void reply(StandInJob& job, actors::Outcome outcome, TimePoint begin, TimePoint end);
  void call_at(TimePoint when, Token token);
  TimePoint now() { return home().timers().precisely(); }

  Place place_;
  std::int64_t next_id_;
  StandInRows rows_;
  std::vector<StandInJob> stalled_;
  std::optional<StandInJob> serving_;
  TimePoint serving_since_{};
};

/// A pool of stand-ins, as many as the settings want connections. The same `seed` gives the same service
/// times to the same order of commands. stop_pool ends them.
std::shared_ptr<actors::DatabasePool> make_stand_in_pool(actors::Runtime& runtime, const Settings& settings,
                                                         const StandIn& stand_in = {}, std::uint64_t seed = 0,
                                                         std::optional<Stall> stall = std::nullopt);

}  // namespace troupe::stand_in
