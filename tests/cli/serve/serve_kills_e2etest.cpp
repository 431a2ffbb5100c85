// PostgreSQL killed and stopped again and again under clients that never pause.
#include <algorithm>
#include <catch2/catch.hpp>
#include <optional>
#include <string>
#include <vector>

#include "helpers/chaos_proxy.hpp"
#include "helpers/ledger.hpp"
#include "helpers/own_postgres.hpp"
#include "helpers/processes.hpp"
#include "helpers/scheduling_lag.hpp"
#include "helpers/server_process.hpp"
#include "helpers/shared_cluster.hpp"
#include "helpers/sql_session.hpp"

using namespace troupe::tests;
using namespace std::chrono_literals;
using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;

namespace {

constexpr int clients = 64;
constexpr int pool_size = 4;
constexpr milliseconds request_timeout = 1s;
constexpr milliseconds promised_return = 2s;

milliseconds since(Clock::time_point start) {
  return std::chrono::ceil<milliseconds>(Clock::now() - start);
}

/// Memory and descriptors of a server.
struct Held {
  long resident_kib = 0;
  std::size_t descriptors = 0;
};

/// With all connections back, and none on its way.
Held held_by(const ServerProcess& server, const std::string& conninfo) {
  SqlSession sql(conninfo);
  wait_until("the pool is whole again", [&] {
    return sql.value(
               "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'troupe' AND "
               "datname = current_database() AND backend_type = 'client backend'") ==
           std::to_string(pool_size);
  });
  return {resident_kib(server.pid()), open_descriptors(server.pid())};
}

/// A PostgreSQL of its own, and a server on it with clients at work.
class Bed {
 public:
  Bed() {
    SqlSession sql(conninfo());
    make_ledger_table(sql);
    server_.emplace(std::vector<std::string>{"--database-url", url_of(conninfo()), "--pool-size",
                                             std::to_string(pool_size), "--connect-timeout", "1s",
                                             "--request-timeout", "1s"});
    ledger_.emplace(server_->port(), clients);
    wait_until("the clients are served", [&] { return ledger_->done() > 10 * clients; });
  }

  std::string conninfo() const { return postgres_.conninfo(); }
  OwnPostgres& postgres() { return postgres_; }
  Ledger& ledger() { return *ledger_; }

  Held held() const { return held_by(*server_, conninfo()); }

  /// How long it took, from now on, until as many writes as there are clients were answered as done.
  milliseconds time_to_serve() {
    const auto start = Clock::now();
    const int before = ledger_->done();
    wait_until(
        "it serves again", [&] { return ledger_->done() >= before + clients; }, 2 * patience);
    return since(start);
  }

  milliseconds slack() const { return 50ms + 4 * lag_.worst(); }

  /// Ends clients and server, and compares.
  void settle() {
    const auto pages = ledger_->close();
    CHECK(server_->stop() == 0);
    SqlSession sql(conninfo());
    wait_until("nothing is under way", [&] {
      return sql.value(
                 "SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> "
                 "pg_backend_pid()") == "0";
    });
    CHECK(audit(pages, sql) == std::vector<std::string>());
    const auto told = sum_of(pages);
    UNSCOPED_INFO(told.done << " done, " << told.unknown << " unknown, " << told.refused
                            << " refused, longest answer " << told.longest.count() << " ms, lag "
                            << lag_.worst().count() << " ms");
    INFO(told.slowest);
    CHECK(told.longest <= request_timeout + 100ms + slack());
  }

 private:
  OwnPostgres postgres_;
  std::optional<ServerProcess> server_;
  SchedulingLag lag_;
  std::optional<Ledger> ledger_;
};

/// Each time it has to serve again, soon after PostgreSQL is up.
void kill_and_return(int times) {
  Bed bed;
  std::vector<milliseconds> late;
  milliseconds longest{0};
  std::optional<Held> early;
  for (int round = 0; round < times; ++round) {
    bed.ledger().phase(static_cast<std::size_t>(round));
    // Not always in the same moment of its work.
    std::this_thread::sleep_for(milliseconds(round % 5 * 20));
    bed.postgres().kill();
    bed.postgres().start();
    bed.postgres().wait_until_up();
    const auto took = bed.time_to_serve();
    longest = std::max(longest, took);
    if (took > promised_return + bed.slack()) late.push_back(took);
    // What an outage takes once (buffers of a new size, a thread's arena) is taken by then.
    if (round == times / 2) early = bed.held();
  }
  UNSCOPED_INFO("longest return " << longest.count() << " ms");
  CHECK(late == std::vector<milliseconds>());
  CHECK(eventually([&] { return bed.held().descriptors <= early->descriptors; }));
  CHECK(bed.held().resident_kib <= early->resident_kib + 8 * 1024);
  bed.settle();
}

}  // namespace

TEST_CASE("PostgreSQL killed under clients that never pause: served again in 2 s, nothing answered is lost",
          "[e2e]") {
  kill_and_return(20);
}

TEST_CASE("PostgreSQL killed 200 times under clients that never pause: served again in 2 s each time",
          "[.][e2e][nightly]") {
  kill_and_return(200);
}

TEST_CASE("PostgreSQL stopped under clients that never pause: answers in time, and served when it goes on",
          "[e2e]") {
  Bed bed;
  // Shorter than it takes to give a connection up, about as long, and longer.
  for (const auto stopped : {500ms, 2'000ms, 3'500ms}) {
    {
      const Paused paused(bed.postgres().postmaster());
      std::this_thread::sleep_for(stopped);
    }
    const auto took = bed.time_to_serve();
    CAPTURE(stopped.count(), took.count());
    CHECK(took <= promised_return + bed.slack());
  }
  bed.settle();
}

TEST_CASE("a thousand outages leave memory and descriptors as they were", "[.][e2e][nightly]") {
  constexpr int outages = 1'000, early = 100;
  const auto conninfo = fresh_database();
  SqlSession sql(conninfo);
  make_ledger_table(sql);
  ChaosProxy proxy(conninfo);
  ServerProcess server({"--database-url", proxy.url(), "--pool-size", std::to_string(pool_size),
                        "--reconnect-min", "10ms", "--reconnect-max", "50ms"});
  Ledger ledger(server.port(), 8);
  Held first;
  for (int outage = 0; outage < outages; ++outage) {
    ledger.phase(static_cast<std::size_t>(outage));
    proxy.set({.fault = Chaos::Fault::reset});
    wait_until("connections were cut, old and new ones", [&] { return proxy.faults() > 6; });
    proxy.calm();
    const int before = ledger.done();
    wait_until("it serves again", [&] { return ledger.done() > before + 8; });
    if (outage == early) first = held_by(server, conninfo);
  }
  CHECK(eventually([&] { return held_by(server, conninfo).descriptors <= first.descriptors; }));
  CHECK(held_by(server, conninfo).resident_kib <= first.resident_kib + 8 * 1024);
  const auto pages = ledger.close();
  CHECK(server.stop() == 0);
  CHECK(audit(pages, sql) == std::vector<std::string>());
}
