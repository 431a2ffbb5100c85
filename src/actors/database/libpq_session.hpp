#pragma once

#include <optional>
#include <string>

#include "actors/database/database_session.hpp"
#include "actors/runtime/socket_watch.hpp"
#include "postgres/wire/connection.hpp"
#include "postgres/wire/pipeline.hpp"

namespace troupe::actors {

/// A session over libpq and the socket that its owner's worker polls.
class LibpqSession final : public DatabaseSession {
 public:
  LibpqSession(postgres::Connection connection, SessionOwner owner);

  Result<bool> connect() override;
  bool accept(const SocketReady& ready) override { return watch_.accept(ready); }
  Result<void> send(const postgres::Statement& statement, const postgres::Params& params, std::uint64_t tag,
                    postgres::Then then) override;
  Result<bool> flush() override;
  Result<void> receive(std::vector<postgres::Completion>& done) override;
  bool wait(std::chrono::milliseconds timeout, bool or_writable) override;

 private:
  void watch(int socket);

  SessionOwner owner_;
  std::optional<postgres::Connection> connecting_;
  std::optional<postgres::Pipeline> pipeline_;  ///< once it is open
  SocketWatch watch_;                           ///< for who waits: until it is open only
};

/// Sessions with the server at `conninfo`. An attempt fails at once only when `conninfo` is malformed.
OpenSession libpq_sessions(std::string conninfo);

}  // namespace troupe::actors
