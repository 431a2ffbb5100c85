#pragma once

#include <libpq-fe.h>

#include <memory>
#include <string>
#include <utility>

#include "postgres/wire/hosts.hpp"
#include "support/result.hpp"

namespace troupe::postgres {

/// One libpq connection, opened without blocking and closed by the destructor. Owned and used by one thread
/// at a time.
class Connection {
 public:
  /// What the connection waits for before the next `poll()`.
  enum class Waits { nothing, readable, writable };

  /// Starts to connect to `conninfo` (a URI or key=value string; `application_name` defaults to troupe).
  /// Fails only for a malformed string (invalid_argument); whatever else is wrong is told by `poll()`. A host
  /// *name* is looked up by libpq in here and in `poll()`, which blocks as long as the resolver does;
  /// addresses and sockets never block. `hosts`: what to try instead of what `conninfo` says.
  static Result<Connection> start(const std::string& conninfo, const HostOptions& hosts = {});

  /// Takes the next step of connecting (PQconnectPoll). Waits::nothing: it is open, in non-blocking and
  /// pipeline mode. Call it at once after `start()`, then whenever the socket is as it asked. An error
  /// (unavailable) is final.
  Result<Waits> poll();

  /// The socket's descriptor; it can change between polls while connecting.
  int socket() const { return PQsocket(handle_.get()); }
  PGconn* handle() const { return handle_.get(); }

  /// The error (unavailable) for a connection that is lost or could not be made: what libpq says about it, in
  /// one line that shows no password.
  Error error() const;
  /// The same for a message of its results.
  Error error(const char* message) const;

 private:
  Connection(PGconn* handle, std::string conninfo, std::string left_out)
      : handle_(handle), conninfo_(std::move(conninfo)), left_out_(std::move(left_out)) {}
  struct Finish {
    void operator()(PGconn* handle) const { PQfinish(handle); }
  };
  std::unique_ptr<PGconn, Finish> handle_;
  std::string conninfo_;
  std::string left_out_;  ///< HostOptions::left_out, until it is open
  bool polled_ = false;
};

}  // namespace troupe::postgres
