#include "actors/database/host_lookup.hpp"

#include <caf/send.hpp>

namespace troupe::actors {

namespace {

constexpr std::chrono::seconds patience{1};

}  // namespace

HostLookup::HostLookup(NameLookups& lookups, const std::vector<std::string>& names, bool others,
                       const SessionOwner& owner)
    // The message is sent under a lock that the destructor takes, too: the owner, and with it the workers,
    // are still there. What refers to the owner is let go of by the owner's thread.
    : asked_(lookups.ask(names, [actor = owner.actor, generation = owner.generation] {
        caf::anon_send(actor, SocketReady{generation, false});
      })) {
  if (names.size() + (others ? 1 : 0) < 2) return;
  auto& home = owner.home;
  home.run_at(home.timers().now() + patience, [weak = std::weak_ptr(asked_), others] {
    if (const auto asked = weak.lock()) asked->settle_for_less(others);
  });
}

}  // namespace troupe::actors
