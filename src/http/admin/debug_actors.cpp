#include "http/admin/debug_actors.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <chrono>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "http/server/session.hpp"
#include "http/server/session_host.hpp"
#include "support/invariant.hpp"

namespace troupe::http {

namespace {

namespace json = boost::json;

constexpr auto patience = std::chrono::milliseconds(250);

json::object worker_object(SessionHost& host) {
  json::object sessions;
  std::size_t answering = 0;
  for (const auto& [doing, count] : host.count_sessions()) {
    sessions[doing] = count;
    if (doing == "answering") answering = count;
  }
  return {{"worker", host.worker().index()},
          {"sessions", std::move(sessions)},
          {"requests_under_way", answering},
          {"memory_bytes", host.memory().held()},
          {"cpu_seconds", to_seconds(host.worker().cpu_time())}};
}

json::array lanes_of(const actors::DatabasePool& pool, std::size_t member) {
  using actors::Lane;
  json::array lanes;
  const auto add = [&](Lane lane, std::string_view name) {
    if (pool.serves(member, lane)) lanes.emplace_back(name);
  };
  add(Lane::row, "row");
  add(Lane::write, "write");
  add(Lane::list, "list");
  return lanes;
}

json::object database_object(const actors::DatabasePool& pool) {
  json::array members;
  for (std::size_t index = 0; index < pool.members().size(); ++index) {
    const auto& member = pool.members()[index];
    const auto& stats = *member.stats;
    const char* state = stats.stopping ? "stopping" : stats.ready ? "ready" : "away";
    const auto ms = [](std::uint64_t ns) { return static_cast<double>(ns) / 1e6; };
    members.push_back(json::object{{"actor", index},
                                   {"worker", member.worker},
                                   {"lanes", lanes_of(pool, index)},
                                   {"state", state},
                                   {"commands_outstanding", stats.outstanding.load()},
                                   {"lists_outstanding", stats.lists.load()},
                                   {"statements_in_flight", stats.in_flight.load()},
                                   {"row_time_ms", ms(stats.row_time_ns)},
                                   {"list_time_ms", ms(stats.list_time_ns)},
                                   {"reconnects", stats.reconnects.load()}});
  }
  return {{"queue_limit", pool.rules().queue_limit}, {"lanes", pool.rules().lanes}, {"actors", members}};
}

/// One request for a look inside. Made anywhere; afterwards it is used on the thread of `home` only.
class Look : public std::enable_shared_from_this<Look> {
 public:
  Look(std::shared_ptr<const ServerContext> context, actors::Worker& home)
      : context_(std::move(context)), home_(home), workers_(context_->hosts.size()) {}

  void begin(std::function<void(Response)> answer) {
    home_.post([self = shared_from_this(), answer = std::move(answer)] {
      self->answer_ = answer;
      self->ask();
    });
  }

 private:
  void ask() {
    home_.run_at(home_.timers().now() + patience, [self = shared_from_this()] { self->finish(); });
    missing_ = workers_.size();
    for (std::size_t index = 0; index < workers_.size(); ++index) {
      const auto host = context_->hosts[index].lock();
      if (!host) continue;  // the server has ended
      host->worker().post([self = shared_from_this(), host, index] {
        auto told = worker_object(*host);
        self->home_.post([self, index, told = std::move(told)] { self->take(index, told); });
      });
    }
  }

  void take(std::size_t index, const json::object& told) {
    workers_[index] = told;
    if (--missing_ == 0) finish();
  }

  void finish() {
    if (!answer_) return;
    Response response{200, "application/json", "Cache-Control: no-store\r\n", json::serialize(whole())};
    std::exchange(answer_, {})(std::move(response));
  }

  json::object whole() const {
    json::array workers;
    for (std::size_t index = 0; index < workers_.size(); ++index) {
      workers.push_back(workers_[index]
                            ? *workers_[index]
                            : json::object{{"worker", index}, {"silent", "it told nothing within 250 ms"}});
    }
    const auto& context = *context_;
    json::object all{{"workers", std::move(workers)},
                     {"connections", context.connections.load()},
                     {"max_connections", context.settings.max_connections},
                     {"stopping", context.leaving || context.draining},
                     {"memory",
                      {{"taken_bytes", context.memory.taken()},
                       {"limit_bytes", context.settings.memory_limit},
                       {"refusals", context.memory.refusals()}}},
                     {"database", database_object(*context.pool)}};
    if (context.access_log) all["access_log"] = {{"dropped", context.access_log->dropped()}};
    return all;
  }

  std::shared_ptr<const ServerContext> context_;
  actors::Worker& home_;
  std::vector<std::optional<json::object>> workers_;
  std::size_t missing_ = 0;
  std::function<void(Response)> answer_;  ///< empty: it was answered
};

}  // namespace

Step begin_debug_actors(Exchange& exchange, const ServerContext& context) {
  TROUPE_INVARIANT(context.watched != nullptr, "/debug/actors is a path of the admin listener's only");
  const auto look = std::make_shared<Look>(context.watched, exchange.session->host().worker());
  return Later{[look](std::function<void(Response)> answer) { look->begin(std::move(answer)); }};
}

}  // namespace troupe::http
