#pragma once

#include <caf/actor_control_block.hpp>
#include <memory>
#include <vector>

#include "actors/database/database_pool.hpp"
#include "actors/runtime/pinned_actor.hpp"

namespace troupe::sim {

/// A connection actor without connections: takes commands from many users, submits them to the pool and
/// passes each Reply on to the user who asked. It does what http::ConnectionActor does, less HTTP. Ends when
/// nobody refers to it any more.
class ConnectionRelay final : public actors::PinnedActor {
 public:
  ConnectionRelay(caf::actor_config& config, actors::Worker& home, bool home_runs_actors,
                  std::shared_ptr<actors::DatabasePool> pool);

 protected:
  caf::behavior make_behavior() override;

 private:
  struct Asked {
    caf::strong_actor_ptr user;
    std::uint64_t ticket = 0;  ///< the user's own
  };
  void on_command(actors::Command command);
  void on_reply(actors::Reply reply);

  std::shared_ptr<actors::DatabasePool> pool_;
  std::vector<Asked> asked_;  ///< by our ticket
  std::vector<std::size_t> free_tickets_;
};

}  // namespace troupe::sim
