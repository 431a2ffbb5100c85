#include "world/run/final_checks.hpp"

#include <spdlog/fmt/fmt.h>

#include <algorithm>

namespace troupe::world {
namespace {

using std::chrono::milliseconds;

/// How much later than its deadline a command may be answered: the actors look every so often.
constexpr auto lateness = milliseconds(300);
/// A deadline this long cannot pass for want of a queue's end or because of a deadlock.
constexpr auto long_deadline = milliseconds(5'000);

/// What the network takes of a request and its answer, at most.
Duration time_on_the_way(const LinkTraits& link, const Exchange& exchange) {
  constexpr std::size_t head = 1'000;  // bytes
  const auto answer = exchange.answered.body.size() + head;
  // Single bytes overtake nobody, and an answer that does not fit goes in as many rounds as there is room
  // for.
  Duration time = link.delay.max * (2 + static_cast<int>(2 * answer / link.room));
  if (link.bytes_per_s != 0)
    time += from_seconds(static_cast<double>(answer) / static_cast<double>(link.bytes_per_s));
  return time;
}

}  // namespace

std::vector<std::string> check_health(const LoadLog& log, const std::vector<WorldTable>& tables,
                                      const ServerSettings& server, TimePoint from, TimePoint until) {
  std::vector<std::string> wrong;
  for (const auto& exchange : log.exchanges()) {
    const auto& asked = exchange.asked;
    const auto& answered = exchange.answered;
    if (asked.sent < from || answered.at > until) continue;
    const auto says = [&](const char* what) { return answered.body.find(what) != std::string::npos; };
    const bool late =
        server.request_timeout >= long_deadline && (says("deadline-passed") || answered.unknown);
    if (says("database-away") || (answered.status != 0 && late))
      wrong.push_back(to_text(exchange, tables[asked.table].path()) + ": though nothing is broken");
  }
  return wrong;
}

std::vector<std::string> check_drops(const LoadLog& log, const std::vector<WorldTable>& tables,
                                     const http::ServerContext& server, TimePoint until) {
  std::vector<std::string> wrong;
  if (server.memory.refusals() > 0) return wrong;  // a client may be let go of for want of memory
  for (const auto& exchange : log.exchanges()) {
    if (exchange.answered.dropped && exchange.answered.at <= until)
      wrong.push_back(to_text(exchange, tables[exchange.asked.table].path()) + ": its connection was closed");
  }
  return wrong;
}

std::vector<std::string> check_bounds(const LoadLog& log, const std::vector<WorldTable>& tables,
                                      const std::vector<std::unique_ptr<Client>>& clients,
                                      const ServerSettings& server) {
  std::vector<std::string> wrong;
  std::vector<TimePoint> free_at(clients.size());
  for (const auto& exchange : log.exchanges()) {
    const auto& asked = exchange.asked;
    const auto& answered = exchange.answered;
    const auto text = [&] { return to_text(exchange, tables[asked.table].path()); };
    if (answered.at == TimePoint{}) {
      wrong.push_back(text() + ": it waits for ever");
      continue;
    }
    // Answers keep the order of their requests, so one waits for those before it.
    const auto begin =
        std::max(asked.whole == TimePoint::max() ? answered.at : asked.whole, free_at[asked.client]);
    free_at[asked.client] = answered.at;
    const auto bound =
        server.request_timeout + lateness + time_on_the_way(clients[asked.client]->traits().link, exchange);
    if (answered.status != 0 && answered.at - begin > bound)
      wrong.push_back(fmt::format("{}: answered after {:.0f} ms, later than {:.0f} ms", text(),
                                  to_seconds(answered.at - begin) * 1e3, to_seconds(bound) * 1e3));
  }
  return wrong;
}

std::vector<std::string> check_leaks(http::Connections& connections, const actors::DatabasePool& pool,
                                     const ModelledPostgres& postgres, bool stopped) {
  std::vector<std::string> wrong;
  const auto must_be = [&](const char* what, std::size_t is, std::size_t should) {
    if (is != should) wrong.push_back(fmt::format("{} {} are left, not {}", is, what, should));
  };
  must_be("connections", connections.context().connections, 0);
  for (const auto& host : connections.hosts()) must_be("bytes held for clients", host->memory().held(), 0);
  for (const auto& member : pool.members()) {
    must_be("commands counted as outstanding", member.stats->outstanding, 0);
    must_be("lists counted as outstanding", member.stats->lists, 0);
    must_be("statements counted as in flight", member.stats->in_flight, 0);
    must_be("connections to PostgreSQL that are ready", member.stats->ready ? 1 : 0, stopped ? 0 : 1);
  }
  must_be("transactions", postgres.transactions_open(), 0);
  must_be("row locks", postgres.locks_held(), 0);
  must_be("sessions of PostgreSQL", postgres.connections(), stopped ? 0 : pool.members().size());
  return wrong;
}

}  // namespace troupe::world
