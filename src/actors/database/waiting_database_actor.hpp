#pragma once

#include "actors/database/database_actor.hpp"

namespace troupe::actors {

/// A database actor that sends, waits for the answers on its own thread, and only then looks at its mailbox
/// again: with Execution::blocking it keeps its worker waiting, with Execution::detached it is to be spawned
/// as caf::detached. It watches its socket while it connects, never after.
class WaitingDatabaseActor final : public DatabaseActor {
 public:
  using DatabaseActor::DatabaseActor;

 protected:
  void flush_gathered() override;

 private:
  void check_deadlines_if_due();
  void flush_later();
};

}  // namespace troupe::actors
