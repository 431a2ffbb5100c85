#pragma once

#include <caf/actor.hpp>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "actors/runtime/messages.hpp"
#include "actors/runtime/worker.hpp"
#include "postgres/wire/params.hpp"
#include "postgres/wire/pipeline.hpp"
#include "support/result.hpp"

namespace troupe::actors {

/// Whom a session tells (SocketReady) that it has something to do.
struct SessionOwner {
  Worker& home;                  ///< polls the session's socket and keeps its time
  caf::actor actor;              ///< gets the messages
  std::uint64_t generation = 0;  ///< comes back in every message
  bool waits = false;            ///< calls `wait()` instead: once open, the session sends nothing
};

/// What a database actor needs of one connection to PostgreSQL, from its first step to its end: over libpq,
/// or over whatever stands in for a server and needs neither a socket nor the clock. The destructor closes
/// the connection; no message is sent after it, but one may be on its way. An Error from any member means
/// that the connection is lost: the owner then lets go of the session. Used by its owner only.
class DatabaseSession {
 public:
  DatabaseSession() = default;
  virtual ~DatabaseSession() = default;
  DatabaseSession(const DatabaseSession&) = delete;
  DatabaseSession& operator=(const DatabaseSession&) = delete;

  /// Takes the next step of connecting. True: it is open. False: a SocketReady will say when to call again.
  virtual Result<bool> connect() = 0;

  /// To be called with every SocketReady that came, before anything else: false when it is not this
  /// session's, and then to be ignored.
  virtual bool accept(const SocketReady& ready) = 0;

  /// Queues one execution of `statement`: the end of a transaction, which mostly has no other, or a part of
  /// one that goes on. `tag` comes back in its Completion, once the transaction has ended.
  virtual Result<void> send(const postgres::Statement& statement, const postgres::Params& params,
                            std::uint64_t tag, postgres::Then then) = 0;

  /// Writes what is queued. True: some is left; a SocketReady (writable) will say when to call again.
  virtual Result<bool> flush() = 0;

  /// Appends what has come back to `done`, in the order sent, also when it returns an Error; a SocketReady
  /// will say when there is more. An Error leaves the outcome of what is still in flight unknown.
  virtual Result<void> receive(std::vector<postgres::Completion>& done) = 0;

  /// Blocks until `receive()` has something to say (true), until more can be written (only if `or_writable`),
  /// or for `timeout`.
  virtual bool wait(std::chrono::milliseconds timeout, bool or_writable) = 0;
};

/// Starts a connection: the session's first `connect()` is still to come. Called by the owner, again for each
/// attempt.
using OpenSession = std::function<Result<std::unique_ptr<DatabaseSession>>(SessionOwner owner)>;

}  // namespace troupe::actors
