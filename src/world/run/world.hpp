#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "actors/database/database_pool.hpp"
#include "actors/runtime/runtime.hpp"
#include "http/server/connections.hpp"
#include "support/random.hpp"
#include "world/faults/fault.hpp"
#include "world/load/client.hpp"
#include "world/postgres/modelled_postgres.hpp"
#include "world/run/breakages.hpp"
#include "world/run/configuration.hpp"
#include "world/run/report.hpp"
#include "world/tables/world_table.hpp"
#include "world/time/event_queue.hpp"

namespace troupe::world {

/// What a world does and tells beyond its seed.
struct WorldOptions {
  std::uint64_t seed = 1;
  std::vector<Fault> faults{};                      ///< those of the seed, or some of them
  std::function<void(const std::string&)> trace{};  ///< a line for each thing that happens; may be empty
};

/// The server as it is, with its actors, sessions and endpoints, between a modelled network and a modelled
/// PostgreSQL, in virtual time: the same options make the same run. Used by one thread, once.
class World {
 public:
  explicit World(WorldOptions options);
  ~World();
  World(const World&) = delete;
  World& operator=(const World&) = delete;

  /// Lets clients work while things break and mend, looks whether all gets well, and judges.
  WorldReport run();
  /// False when something is left over that would keep this object's end waiting for ever.
  bool can_end() const { return can_end_; }

 private:
  void trace(const std::string& line);
  void make_server();
  void make_clients();
  void plan_faults();
  void look_around();
  std::shared_ptr<Link> connect(const LinkTraits& traits, Rng random);

  void settle();
  void run_for(Duration time);
  bool run_until(Duration most, const std::function<bool()>& done);

  void stop_server();
  void look_back(TimePoint well, TimePoint until);
  void check_reconnects();
  void complain(const std::string& what);
  void wrong(const std::vector<std::string>& what);
  void tell_commits();
  void digest(const Exchange& exchange);

  WorldOptions options_;
  Configuration configuration_;
  WorldReport report_;
  EventQueue events_;
  Rng turns_;
  std::vector<WorldTable> tables_;
  ModelledPostgres postgres_;
  std::size_t commits_told_ = 0;
  LoadPlace load_;
  std::optional<actors::Runtime> runtime_;
  std::shared_ptr<actors::DatabasePool> pool_;
  std::unique_ptr<http::Connections> connections_;
  std::vector<std::unique_ptr<Client>> clients_;
  Breakages breakages_;
  std::size_t next_worker_ = 0;
  bool looking_ = true;
  bool stopped_ = false;  ///< the server was told to end
  bool can_end_ = true;
};

}  // namespace troupe::world
