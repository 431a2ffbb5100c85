#pragma once

#include <deque>
#include <mutex>
#include <string>
#include <string_view>

namespace troupe::actors {

/// Why a pool's connections cannot be made: each reason is worth one line of the log in an outage, not one
/// for each actor and attempt. Remembers the last few, because several hosts or actors fail in turn for
/// reasons of their own. Shared by a pool's actors; may be used by any thread.
class ConnectReasons {
 public:
  /// Has `reason` not been told since a connection worked last? Then it counts as told from now on.
  bool is_new(std::string_view reason);
  /// A connection works.
  void connected();

 private:
  std::mutex mutex_;
  std::deque<std::string> told_;
};

}  // namespace troupe::actors
