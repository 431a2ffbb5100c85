// The primary dies and its standby takes over: libpq finds it by target_session_attrs.
#include <catch2/catch.hpp>
#include <chrono>
#include <string>
#include <vector>

#include "helpers/ledger.hpp"
#include "helpers/own_postgres.hpp"
#include "helpers/scheduling_lag.hpp"
#include "helpers/server_process.hpp"
#include "helpers/sql_session.hpp"

using namespace troupe::tests;
using namespace std::chrono_literals;
using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;

namespace {

constexpr int clients = 16;

/// A primary with a ledger, its standby, and a server that works with whichever takes writes.
class Pair {
 public:
  explicit Pair(bool synchronous) : standby_(with_ledger(primary_), "second"), server_(launch()) {
    if (!synchronous) return;
    SqlSession sql(primary_.conninfo());
    sql.run("ALTER SYSTEM SET synchronous_standby_names = 'second'");
    sql.run("SELECT pg_reload_conf()");
    wait_until("the standby is synchronous", [&] {
      return sql.value("SELECT string_agg(sync_state, ',') FROM pg_stat_replication") == "sync";
    });
  }

  OwnPostgres& primary() { return primary_; }
  OwnPostgres& standby() { return standby_; }
  ServerProcess& server() { return server_; }

 private:
  static const OwnPostgres& with_ledger(const OwnPostgres& primary) {
    SqlSession sql(primary.conninfo());
    make_ledger_table(sql);
    return primary;
  }
  std::vector<std::string> launch() const {
    return {"--database-url",    url_of_writable(primary_, standby_),
            "--pool-size",       "3",
            "--request-timeout", "1s",
            "--connect-timeout", "1s"};
  }

  OwnPostgres primary_, standby_;
  ServerProcess server_;
};

/// The primary dies, the standby takes over; how long it took until all clients were served by it.
milliseconds take_over(Pair& pair, Ledger& ledger) {
  pair.primary().kill();
  pair.standby().promote();
  const auto promoted = Clock::now();
  const int before = ledger.done();
  wait_until("it serves again", [&] { return ledger.done() > before + 3 * clients; });
  return std::chrono::ceil<milliseconds>(Clock::now() - promoted);
}

void wait_for_writes(const Ledger& ledger, int more) {
  const int before = ledger.done();
  wait_until("clients have written", [&] { return ledger.done() > before + more; });
}

/// With a standby that hears every commit until the end, or one that the last commits wait for in vain.
void take_over_in_sync(bool in_touch) {
  Pair pair(true);
  SchedulingLag lag;
  Ledger ledger(pair.server().port(), clients);
  wait_for_writes(ledger, 20 * clients);
  if (!in_touch) {
    pair.standby().lose_touch(pair.primary());
    std::this_thread::sleep_for(300ms);
  }
  const auto took = take_over(pair, ledger);
  const auto slack = 50ms + 4 * lag.worst();
  CAPTURE(took.count());
  CHECK(took <= 2s + slack);
  const auto& pages = ledger.close();
  CHECK(pair.server().stop() == 0);
  SqlSession sql(pair.standby().conninfo());
  CHECK(audit(pages, sql) == std::vector<std::string>());
  const auto told = sum_of(pages);
  CAPTURE(told.done, told.unknown, told.refused, told.slowest);
  CHECK(told.longest <= 1s + 100ms + slack);
}

}  // namespace

TEST_CASE("a synchronous standby takes over: nothing answered is lost, and it serves again in 2 s", "[e2e]") {
  take_over_in_sync(true);
}

TEST_CASE("a synchronous standby that commits waited for in vain takes over: nothing answered is lost",
          "[.][e2e][nightly]") {
  take_over_in_sync(false);
}

TEST_CASE("an asynchronous standby takes over: what it had not heard of is lost, and it serves again",
          "[.][e2e][nightly]") {
  Pair pair(false);
  Ledger ledger(pair.server().port(), clients);
  wait_for_writes(ledger, clients);
  pair.standby().lose_touch(pair.primary());
  wait_for_writes(ledger, 5 * clients);
  take_over(pair, ledger);
  const auto& pages = ledger.close();
  CHECK(pair.server().stop() == 0);
  SqlSession sql(pair.standby().conninfo());
  // No fault of the server's, which was told that they were committed. It also shows that a ledger finds
  // them.
  const auto lost = count_faults(pages, sql);
  UNSCOPED_INFO(lost << " of " << sum_of(pages).done);
  CHECK(lost > 0);
}
