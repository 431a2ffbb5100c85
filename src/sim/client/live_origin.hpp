#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "sim/client/origin.hpp"
#include "support/name_lookups.hpp"
#include "support/time.hpp"

namespace troupe::sim {

/// What origins need to look their names up.
struct OriginLookups {
  NameLookups& names;
  /// Runs a task on the thread that uses the origins. Callable from any thread.
  std::function<void(std::function<void()>)> post;
};

/// An origin while connections to it are opened: the addresses of its name are looked up again when none of
/// them takes a connection, and before a new connection when they are old. Nobody waits for that, unless no
/// address is known: who connects meanwhile takes those that are. Used on one thread.
class LiveOrigin : public std::enable_shared_from_this<LiveOrigin> {
 public:
  /// For addresses to count as what the name says today.
  static constexpr Duration longest_trust = std::chrono::seconds(30);
  /// From one look-up to the next, however many connections fail.
  static constexpr Duration shortest_pause = std::chrono::seconds(1);

  /// Its addresses stay as they are.
  explicit LiveOrigin(Origin origin) : origin_(std::move(origin)) {}
  /// Owned by a shared_ptr. `looked_up`: when the addresses were, if there are any. What `lookups` refers to
  /// outlives it.
  LiveOrigin(Origin origin, OriginLookups lookups, TimePoint looked_up);

  const std::string& host() const { return origin_.host; }
  TlsContext* tls() const { return origin_.tls.get(); }  ///< null: plain http
  /// Origin::open.
  const std::function<std::unique_ptr<actors::ByteStream>()>& open() const { return origin_.open; }
  const std::vector<SocketAddress>& addresses() const { return origin_.addresses; }
  /// Another number: the addresses are others than before.
  unsigned version() const { return version_; }

  /// A connection is about to be opened.
  void on_connect(TimePoint now);
  /// No address took a connection.
  void on_unreachable(TimePoint now);
  /// There is no address yet: calls back when the look-up under way has ended. False: there is none, and
  /// `fault` says why.
  bool wait(std::function<void()> tell);
  /// Of the last look-up, one line; empty: it was good.
  const std::string& fault() const { return fault_; }

 private:
  void look_up(TimePoint now);
  void take_answer();
  void use(const std::vector<std::string>& texts);

  Origin origin_;
  std::optional<OriginLookups> lookups_;
  std::optional<TimePoint> looked_up_;
  std::shared_ptr<NameLookups::Asked> asked_;  ///< while a look-up goes on
  std::vector<std::function<void()>> waiting_;
  std::string fault_;
  unsigned version_ = 0;
};

}  // namespace troupe::sim
