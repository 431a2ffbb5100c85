#pragma once

#include <chrono>
#include <memory>
#include <optional>

#include "actors/database_pool.hpp"
#include "actors/pinned_actor.hpp"
#include "actors/runtime.hpp"
#include "support/settings.hpp"

namespace troupe::sim {

/// A time in which a stand-in database answers nothing; what came meanwhile is answered at its end.
struct Stall {
  TimePoint begin{};
  Duration length{};
};

/// Answers a database actor's commands at once and from nothing: every id exists, lists are empty, creates
/// are numbered. A pool of these measures everything but PostgreSQL. Stores nothing.
class StandInDatabase final : public actors::PinnedActor {
 public:
  StandInDatabase(caf::actor_config& config, actors::Worker& home, bool home_runs_actors,
                  std::shared_ptr<actors::DatabaseActorStats> stats, std::size_t index, std::size_t members,
                  std::optional<Stall> stall);

 protected:
  caf::behavior make_behavior() override;

 private:
  void on_command(actors::Command command);
  void answer(actors::Command& command, const caf::strong_actor_ptr& sender, TimePoint received);

  std::shared_ptr<actors::DatabaseActorStats> stats_;
  std::int64_t next_id_;
  std::int64_t id_step_;
  std::optional<Stall> stall_;
  struct Waiting {
    actors::Command command;
    caf::strong_actor_ptr sender;
    TimePoint received{};
  };
  std::vector<Waiting> waiting_;
};

/// A pool of stand-ins, as many as the settings want connections. Runtime::stop_pool ends them.
std::shared_ptr<actors::DatabasePool> make_stand_in_pool(actors::Runtime& runtime, const Settings& settings,
                                                         std::optional<Stall> stall = std::nullopt);

}  // namespace troupe::sim
