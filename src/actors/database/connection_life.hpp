#pragma once

#include <caf/actor.hpp>
#include <chrono>
#include <cstdint>
#include <memory>

#include "actors/database/database_session.hpp"
#include "support/random.hpp"
#include "support/settings.hpp"

namespace troupe::actors {

/// One database actor's way from attempt to attempt: opens a session, gives up one that takes too long, says
/// when one has become too old, and after a loss waits with jittered back-off before the next. Whoever sees
/// an Error calls `lose()`. Used by one actor; while there is a session the actor refers to itself through
/// it, until `lose()` or `end()`.
class ConnectionLife {
 public:
  /// What a TimerTick of ours means now.
  enum class Due {
    nothing,    ///< it belongs to an attempt that is over
    attempt,    ///< call `attempt()`
    giving_up,  ///< the attempt takes too long: call `lose()`
    renewal,    ///< the connection is too old: call `renew()` once nothing is under way on it
  };

  /// `waits`: SessionOwner::waits. `actor`: a number of one's own, which decides the jitter.
  ConnectionLife(OpenSession open_session, const DatabaseSettings& settings, Worker& home, bool waits,
                 std::uint64_t actor);

  /// Starts to connect. True: open already.
  Result<bool> attempt(const caf::actor& owner);
  /// Takes the next step of connecting, after a SocketReady. True: open now.
  Result<bool> go_on();
  /// An answer came: the server does more than to accept connections, and the next back-off is a short one
  /// again. True for the first answer on this connection.
  bool proved();
  bool connecting() const { return session_ != nullptr && !open_; }
  /// The session, once it is open; else nullptr.
  DatabaseSession* session() { return open_ ? session_.get() : nullptr; }

  /// Is this of the present session? To be asked for every SocketReady.
  bool accept(const SocketReady& ready) { return session_ != nullptr && session_->accept(ready); }
  /// `token`: a TimerTick's; never 0.
  Due due(std::uint64_t token) const;

  /// Closes the connection and asks for a TimerTick when it is time for the next attempt.
  void lose(const caf::actor& owner);
  /// Closes the connection, and starts to connect anew without a pause. As `attempt()`.
  Result<bool> renew(const caf::actor& owner);
  /// Closes the connection for good: ticks of before mean nothing any more.
  void end();

 private:
  void close();
  void on_open();

  OpenSession open_session_;
  const DatabaseSettings& settings_;
  Worker& home_;
  bool waits_;
  std::unique_ptr<DatabaseSession> session_;
  caf::actor owner_;  ///< while there is a session
  bool open_ = false;
  bool proved_ = false;
  std::uint64_t generation_ = 0;  ///< counts attempts; messages of older ones carry an older number
  std::chrono::milliseconds backoff_;
  Rng jitter_;
};

}  // namespace troupe::actors
