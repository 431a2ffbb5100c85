#pragma once

#include <string>
#include <string_view>

namespace troupe {

/// Tells the manager that started this process how it is, in the datagrams of sd_notify(3): systemd, or
/// whoever else listens at NOTIFY_SOCKET. Without that variable nothing is told. Whoever cannot be told is
/// logged and does no harm.
class NotifyManager {
 public:
  /// Takes the variable out of the environment: children (PostgreSQL speaks the protocol, too) have nothing
  /// to tell. Before other threads look at the environment.
  NotifyManager();

  /// It serves.
  void ready() const { tell("READY=1"); }
  /// It was asked to stop, and does.
  void stopping() const { tell("STOPPING=1"); }

 private:
  void tell(std::string_view state) const;

  std::string socket_;  ///< a path, or a name in the abstract namespace behind an @
};

}  // namespace troupe
