// What must be so at the end of a world, beside what clients were told.
#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <caf/actor_registry.hpp>

#include "world/run/world.hpp"

namespace troupe::world {
namespace {

using std::chrono::milliseconds;

/// How much later than its deadline a command may be answered: the actors look every so often.
constexpr auto lateness = milliseconds(300);

/// What the network takes of a request and its answer, at most.
Duration time_on_the_way(const LinkTraits& link, std::size_t answers) {
  Duration time = 2 * link.most_delay;
  if (link.bytes_per_s != 0)
    time += from_seconds(static_cast<double>(answers) / static_cast<double>(link.bytes_per_s));
  return time;
}

}  // namespace

void World::check_health(TimePoint since) {
  for (const auto& exchange : load_.log.exchanges()) {
    if (exchange.asked.sent < since) continue;
    const auto& answered = exchange.answered;
    const bool away = answered.body.find("database-away") != std::string::npos;
    if (answered.status == 0 || away)
      wrong(fmt::format("{}: though nothing has been broken for a while",
                        to_text(exchange, tables_[exchange.asked.table].path())));
  }
}

// Each request has an answer, or its connection has ended; and no answer comes later than the server
// promises.
void World::check_bounds() {
  const auto& server = configuration_.settings.server;
  std::vector<TimePoint> free_at(clients_.size());
  for (const auto& exchange : load_.log.exchanges()) {
    const auto& [asked, answered] = exchange;
    if (answered.at == TimePoint{}) {
      wrong(fmt::format("{}: it waits for ever", to_text(exchange, tables_[asked.table].path())));
      continue;
    }
    // Answers keep the order of their requests, so one waits for those before it.
    const auto begin = std::max(asked.sent, free_at[asked.client]);
    free_at[asked.client] = answered.at;
    const auto& traits = clients_[asked.client]->traits();
    const auto bound =
        server.request_timeout + lateness + traits.depth * time_on_the_way(traits.link, 20'000);
    if (answered.status != 0 && answered.at - begin > bound)
      wrong(fmt::format("{}: answered after {:.0f} ms, later than {:.0f} ms",
                        to_text(exchange, tables_[asked.table].path()), to_seconds(answered.at - begin) * 1e3,
                        to_seconds(bound) * 1e3));
  }
}

void World::check_leaks() {
  const auto must_be = [this](const std::string& what, std::size_t is, std::size_t should) {
    if (is != should) wrong(fmt::format("{} of {} are left instead of {}", is, what, should));
  };
  must_be("connections", connections_->context().connections, 0);
  for (const auto& host : connections_->hosts()) must_be("bytes held for clients", host->memory().held(), 0);
  for (const auto& member : pool_->members()) {
    must_be("commands counted as outstanding", member.stats->outstanding, 0);
    must_be("lists counted as outstanding", member.stats->lists, 0);
    must_be("statements counted as in flight", member.stats->in_flight, 0);
    must_be("connections to PostgreSQL that are ready", member.stats->ready ? 1 : 0, 1);
  }
  must_be("transactions", postgres_.transactions_open(), 0);
  must_be("row locks", postgres_.locks_held(), 0);
  must_be("sessions of PostgreSQL", postgres_.connections(), pool_->members().size());
  // A connection actor that still owes an answer does not end.
  const auto actors = pool_->members().size() + configuration_.settings.server.connection_actors;
  const auto running = runtime_->system().registry().running();
  must_be("actors", running, actors);
  can_end_ = running == actors;
}

}  // namespace troupe::world
