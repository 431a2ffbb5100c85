#pragma once

#include <memory>
#include <string>
#include <vector>

#include "actors/database/database_session.hpp"
#include "support/name_lookups.hpp"

namespace troupe::actors {

/// The look-up of a connection string's host names, for one attempt to connect. What takes longer than a
/// second is waited for only as long as there is no other host. The owner gets one SocketReady when it is
/// time to go on, none if `done_already()`, and none after the destructor. Used by the session of the owner;
/// the look-ups have threads of their own.
class HostLookup {
 public:
  /// `others`: there are also hosts that need no look-up.
  HostLookup(NameLookups& lookups, const std::vector<std::string>& names, bool others,
             const SessionOwner& owner);
  ~HostLookup() { asked_->cancel(); }
  HostLookup(const HostLookup&) = delete;
  HostLookup& operator=(const HostLookup&) = delete;

  /// Nothing had to be waited for. Stays false when the answers have come since.
  bool done_already() const { return asked_->done_already(); }
  /// The answers by now.
  AddressesByName found() const { return asked_->found(); }

 private:
  std::shared_ptr<NameLookups::Asked> asked_;
};

}  // namespace troupe::actors
