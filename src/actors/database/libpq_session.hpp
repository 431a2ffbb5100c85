#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "actors/database/database_session.hpp"
#include "actors/database/host_lookup.hpp"
#include "actors/runtime/socket_watch.hpp"
#include "postgres/wire/connection.hpp"
#include "postgres/wire/hosts.hpp"
#include "postgres/wire/pipeline.hpp"
#include "support/name_lookups.hpp"

namespace troupe::actors {

/// A session over libpq and the socket that its owner's worker polls. The host names are looked up first, on
/// threads of their own (`NameLookups`): libpq would keep the worker waiting for the resolver.
class LibpqSession final : public DatabaseSession {
 public:
  LibpqSession(std::string conninfo, std::shared_ptr<NameLookups> lookups, SessionOwner owner);

  Result<bool> connect() override;
  bool accept(const SocketReady& ready) override;
  Result<void> send(const postgres::Statement& statement, const postgres::Params& params, std::uint64_t tag,
                    postgres::Then then) override;
  Result<bool> flush() override;
  Result<void> receive(std::vector<postgres::Completion>& done) override;
  bool wait(std::chrono::milliseconds timeout, bool or_writable) override;

 private:
  Result<bool> start();
  Result<bool> start_with(const postgres::HostOptions& hosts);
  void watch(int socket);

  std::string conninfo_;
  std::shared_ptr<NameLookups> lookups_;
  SessionOwner owner_;
  std::vector<postgres::Host> hosts_;  ///< while their names are looked up
  std::optional<HostLookup> looking_up_;
  std::optional<postgres::Connection> connecting_;
  std::optional<postgres::Pipeline> pipeline_;  ///< once it is open
  SocketWatch watch_;                           ///< for who waits: until it is open only
};

/// Sessions with the server at `conninfo`, which share the look-ups of its host names.
OpenSession libpq_sessions(std::string conninfo);

}  // namespace troupe::actors
