#include "actors/database/waiting_database_actor.hpp"

#include <caf/actor_cast.hpp>
#include <caf/send.hpp>

namespace troupe::actors {

using namespace std::chrono_literals;

// Nobody watches an idle connection here: if it died, that is found out before anything is sent, and the
// commands wait for the next one. The wait is bounded by what bounds every statement: its deadline, and then
// the time after which a silent server counts as dead.
void WaitingDatabaseActor::flush_gathered() {
  while (session() != nullptr && session()->wait(0ms, false)) read_answers();
  check_deadlines_if_due();
  send_gathered();
  while (session() != nullptr && !in_flight().empty()) {
    const bool arrived = session()->wait(Deadlines::interval, unwritten());
    if (unwritten()) flush_socket();
    if (session() != nullptr && arrived) read_answers();
    check_deadlines_if_due();
  }
  if (session() != nullptr && queue().size() > 0) flush_later();
}

void WaitingDatabaseActor::check_deadlines_if_due() {
  if (session() != nullptr && deadlines().check_is_due(now())) check_deadlines();
}

// The rest of the queue, after the worker has delivered the answers and has looked at its sockets: a message
// to itself would be taken up at once.
void WaitingDatabaseActor::flush_later() {
  if (options().settings.execution == Execution::detached) return flush_soon();
  if (!claim_flush()) return;
  home().post([self = caf::actor_cast<caf::actor>(this)] { caf::anon_send(self, Flush{}); });
}

}  // namespace troupe::actors
