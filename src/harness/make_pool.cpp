#include "harness/make_pool.hpp"

#include "actors/database/database_pool_start.hpp"
#include "actors/database/libpq_session.hpp"
#include "sim/material/postgres_rows.hpp"
#include "stand_in/stand_in_database.hpp"

namespace troupe::harness {

PoolSource database_pool(const postgres::Database& database) {
  auto make = [&database](actors::Runtime& runtime, const Settings& settings) {
    return actors::start_pool(runtime, actors::libpq_sessions(database.conninfo()), settings);
  };
  return {std::move(make), database.served(), database.conninfo()};
}

PoolSource stand_in_pool(const stand_in::StandIn& stand_in, std::uint64_t seed) {
  auto make = [stand_in, seed](actors::Runtime& runtime, const Settings& settings) {
    return stand_in::make_stand_in_pool(runtime, settings, stand_in, seed);
  };
  return {std::move(make), {{postgres::declared_items()}, {}}};
}

Result<std::shared_ptr<const sim::Material>> make_material(const PoolSource& source,
                                                           const sim::Scenario& scenario, std::uint64_t seed,
                                                           std::chrono::milliseconds timeout) {
  if (source.conninfo.empty() || scenario.why_database().empty())
    return sim::make_material(scenario, source.served, nullptr, seed);
  auto session = postgres::BlockingSession::open(source.conninfo, timeout);
  if (!session) return session.error();
  sim::PostgresRows rows(std::move(*session), seed);
  return sim::make_material(scenario, source.served, &rows, seed);
}

}  // namespace troupe::harness
