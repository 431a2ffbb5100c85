#include "world/run/world.hpp"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <numeric>
#include <utility>

#include "actors/database/database_pool_start.hpp"
#include "http/api/list_params.hpp"
#include "http/api/routes.hpp"
#include "support/invariant.hpp"
#include "world/judge/judge.hpp"
#include "world/run/final_checks.hpp"
#include "world/run/watched_sessions.hpp"

namespace troupe::world {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr auto look_interval = milliseconds(250);  // as the server's own
// For a restart, and for connections that come back with their back-off.
constexpr auto time_to_recover = milliseconds(2'500);
constexpr auto time_to_connect = milliseconds(100);
constexpr auto time_of_health = milliseconds(1'500);

}  // namespace

World::World(WorldOptions options)
    : options_(std::move(options)),
      configuration_(configure(options_.seed)),
      events_(options_.seed),
      turns_(options_.seed, RandomStream::world_order, 1),
      tables_(make_tables(plan_tables(options_.seed))),
      postgres_(events_, configuration_.model, options_.seed),
      load_{events_, tables_, configuration_.mix, KeyBook(tables_.size()), {}, {}},
      breakages_(events_, postgres_, configuration_.model, clients_) {
  report_.seed = options_.seed;
  load_.log.on_event = [this](const Exchange& exchange) {
    const bool answered = exchange.answered.at != TimePoint{};
    if (answered) digest(exchange);
    if (options_.trace)
      trace((answered ? "answer " : "ask ") + to_text(exchange, tables_[exchange.asked.table].path()));
  };
  trace(to_text(configuration_));
  make_server();
  make_clients();
}

World::~World() {
  if (!can_end_) return;
  stopped_ = true;
  connections_.reset();
  actors::stop_pool(*pool_);
  pool_.reset();
  settle();
  events_.clear();
}

void World::trace(const std::string& line) {
  if (options_.trace)
    options_.trace(
        fmt::format("{:12.6f}  {}", to_seconds(events_.now() - TimePoint(std::chrono::hours(1))), line));
}

void World::make_server() {
  std::vector<postgres::SharedResource> resources;
  for (const auto& table : tables_) {
    postgres_.add_table(table.resource, table.rules).value();
    for (const auto& slot : {std::optional<std::string>(), std::optional<std::string>("s1")}) {
      const auto query = http::parse_list_params(table.resource->resource, list_query(slot, 5));
      TROUPE_INVARIANT(query.has_value(), "clients of a world ask for a list that there is not");
      postgres_.know_list(table.resource, *query);
    }
    resources.push_back(table.resource);
  }
  auto& settings = configuration_.settings;
  runtime_.emplace(events_, settings.workers.count);
  SessionWatch watch{{},
                     [this](const std::string& what) { complain(what); },
                     [this] { return events_.now(); },
                     settings.database.connect_timeout};
  if (options_.trace) watch.tell = [this](const std::string& line) { trace(line); };
  pool_ = actors::start_pool(*runtime_, watched_sessions(postgres_.sessions(), std::move(watch)), settings);
  auto context = std::make_shared<http::ServerContext>();
  context->routes.replace(http::api_router(resources, settings.database.max_batch));
  context->settings = settings.server;
  context->pool = pool_;
  connections_ = std::make_unique<http::Connections>(*runtime_, std::move(context));
  for (auto& host : connections_->hosts())
    host->on_session_end = [context = &connections_->context()] { context->connections.fetch_sub(1); };
  look_around();
}

void World::make_clients() {
  load_.connect = [this](const LinkTraits& traits, Rng random) { return connect(traits, random); };
  for (std::size_t i = 0; i < configuration_.clients.size(); ++i) {
    clients_.push_back(std::make_unique<Client>(load_, i, configuration_.clients[i], options_.seed));
    clients_.back()->start();
  }
}

std::shared_ptr<Link> World::connect(const LinkTraits& traits, Rng random) {
  auto& worker = runtime_->workers()[next_worker_++ % runtime_->workers().size()];
  auto link = Link::open(events_, worker, traits, random);
  events_.after(traits.delay.max, [this, link, &worker] {
    worker.post([this, link, &worker] {
      connections_->serve(stream_of(link), boost::asio::ip::address_v4::loopback(), worker);
    });
  });
  return link;
}

// In virtual time nobody waits for a host's own timer.
void World::look_around() {
  if (!looking_) return;
  for (auto& host : connections_->hosts()) host->worker().post([host] { host->look_around(); });
  events_.after(look_interval, [this] { look_around(); });
}

// ---- time

// Whose turn it is among workers that have something to do, the seed decides.
void World::settle() {
  auto& workers = runtime_->workers();
  std::vector<std::size_t> busy(workers.size());
  const auto all = [&] {
    busy.resize(workers.size());
    std::iota(busy.begin(), busy.end(), std::size_t{0});
  };
  all();
  while (!busy.empty()) {
    const auto place = turns_.below(busy.size());
    if (workers[busy[place]].poll()) {
      all();
    } else {
      busy.erase(busy.begin() + static_cast<std::ptrdiff_t>(place));
    }
  }
  tell_commits();
}

bool World::run_until(Duration most, const std::function<bool()>& done) {
  const auto end = events_.now() + most;
  for (settle(); !done(); settle()) {
    if (events_.next() > end || !events_.turn()) return false;
  }
  return true;
}

void World::run_for(Duration time) {
  bool over = false;
  events_.after(time, [&over] { over = true; });
  run_until(time, [&over] { return over; });
}

void World::tell_commits() {
  const auto& history = postgres_.history();
  for (; commits_told_ < history.size() && options_.trace; ++commits_told_) {
    const auto& commit = history[commits_told_];
    trace(fmt::format(
        "commit {} of {}: {}", commit.number, commit.table,
        commit.after ? "writes mark " + shortened_mark(commit.after->at(1).value_or("")) : "deletes"));
  }
}

// Who was told what, and when, decides whether two runs are the same.
void World::digest(const Exchange& exchange) {
  const auto add = [this](std::uint64_t value) { report_.digest = Rng(report_.digest ^ value)(); };
  add(exchange.asked.number);
  add(static_cast<std::uint64_t>(exchange.answered.status));
  add(static_cast<std::uint64_t>(exchange.answered.at.time_since_epoch().count()));
  add(std::hash<std::string>{}(exchange.answered.body));
}

// ---- the run

WorldReport World::run() {
  const auto began = events_.now();
  plan_faults();
  auto broken = configuration_.load_time;
  for (const auto& fault : options_.faults) broken = std::max(broken, fault.at + fault.time);
  run_for(broken);
  run_for(time_to_recover);
  // Where nothing breaks all is well from the first connection on.
  const auto well = options_.faults.empty() ? began + time_to_connect : events_.now();
  run_for(time_of_health);
  const auto stop = events_.now();
  for (auto& client : clients_) client->stop_asking();
  if (configuration_.stops_under_load) stop_server();
  const auto& server = configuration_.settings.server;
  const auto patience = 4 * server.request_timeout + server.body_timeout + server.idle_timeout + seconds(30);
  run_until(patience, [this] {
    return std::ranges::none_of(clients_, [](const auto& client) { return client->waits(); });
  });
  for (auto& client : clients_) client->leave();
  run_until(patience, [this] { return connections_->context().connections == 0; });
  looking_ = false;
  run_for(seconds(2));
  // One that has lived long enough may be on its way to the next.
  const auto connections = pool_->members().size();
  if (!stopped_)
    run_until(seconds(2),
              [&] { return pool_->ready() == connections && postgres_.connections() == connections; });
  look_back(well, configuration_.stops_under_load ? stop : TimePoint::max());
  report_.seconds = to_seconds(events_.now() - began);
  return report_;
}

void World::plan_faults() {
  for (const auto& fault : options_.faults) {
    events_.after(fault.at, [this, fault] {
      const bool broke = breakages_.happen(fault);
      if (broke) ++report_.faults[name_of(fault.kind)];
      trace((broke ? "FAULT " : "no fault, since there was nothing to break: ") + to_text(fault));
    });
  }
}

void World::look_back(TimePoint well, TimePoint until) {
  const auto& exchanges = load_.log.exchanges();
  report_.requests = exchanges.size();
  report_.commits = postgres_.history().empty() ? 0 : postgres_.history().back().number;
  for (const auto& exchange : exchanges)
    ++report_.answers[exchange.answered.status == 0 ? "no answer" : std::to_string(exchange.answered.status)];
  wrong(load_.log.complaints());
  wrong(judge(tables_, Timeline(tables_, postgres_.history()), exchanges));
  wrong(check_bounds(load_.log, tables_, clients_, configuration_.settings.server));
  wrong(check_health(load_.log, tables_, configuration_.settings.server, well, until));
  wrong(check_drops(load_.log, tables_, connections_->context(), until));
  wrong(check_leaks(*connections_, *pool_, postgres_, stopped_));
  check_reconnects();
  // A connection actor that still owes an answer does not end.
  const auto actors =
      (stopped_ ? 0 : pool_->members().size()) + configuration_.settings.server.connection_actors;
  const auto running = runtime_->system().registry().running();
  if (running != actors) wrong({fmt::format("{} actors are left, not {}", running, actors)});
  can_end_ = report_.wrong.empty();
}

void World::check_reconnects() {
  if (!options_.faults.empty()) return;
  for (const auto& member : pool_->members()) {
    if (const auto lost = member.stats->reconnects.load(); lost != 0)
      wrong({fmt::format("{} connections to PostgreSQL were lost, though nothing was broken", lost)});
  }
}

// As a server does that is told to end: nobody who has asked is forgotten.
void World::stop_server() {
  trace("the server stops");
  stopped_ = true;
  connections_->context().draining = true;
  actors::stop_pool(*pool_);
}

void World::complain(const std::string& what) {
  if (!stopped_ && looking_) load_.log.complain(what);
}

void World::wrong(const std::vector<std::string>& what) {
  report_.wrong.insert(report_.wrong.end(), what.begin(), what.end());
}

}  // namespace troupe::world
