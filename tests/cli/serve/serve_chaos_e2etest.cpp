// Connections to PostgreSQL that break at every byte: what clients were told is compared with the table.
#include <algorithm>
#include <catch2/catch.hpp>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "helpers/chaos_proxy.hpp"
#include "helpers/ledger.hpp"
#include "helpers/parallel.hpp"
#include "helpers/scheduling_lag.hpp"
#include "helpers/server_process.hpp"
#include "helpers/shared_cluster.hpp"
#include "helpers/sql_session.hpp"

using namespace troupe::tests;
using namespace std::chrono_literals;
using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;
using Fault = Chaos::Fault;
using Direction = Chaos::Direction;
using Faults = std::vector<std::string>;

namespace {

constexpr milliseconds request_timeout = 1s;
constexpr int clients = 8;
constexpr int pool_size = 3;

/// What this machine may add to a time that the server promises: the request and its answer pass a worker, a
/// connection of the proxy, PostgreSQL and a client, and each of them may be woken late.
milliseconds slack(const SchedulingLag& lag) {
  return 50ms + 4 * lag.worst();
}

/// A database with a ledger, a server whose connections to it run through a proxy, and clients at work.
class Bed {
 public:
  explicit Bed(milliseconds timeout = request_timeout)
      : conninfo_(fresh_database()),
        sql_(with_table(conninfo_)),
        proxy_(conninfo_),
        server_({"--database-url", proxy_.url(), "--pool-size", std::to_string(pool_size),
                 "--connect-timeout", "1s", "--request-timeout", std::to_string(timeout.count()) + "ms"}) {}

  /// Not by the constructor: other beds may still be made, and starting PostgreSQL's sessions takes its time.
  void let_clients_in() { ledger_.emplace(server_.port(), clients); }

  ChaosProxy& proxy() { return proxy_; }

  /// Lets one kind of chaos reign, and then waits for the clients to be served again; what went wrong.
  std::string suffer(std::size_t phase, const Chaos& chaos, milliseconds reign, milliseconds recovery) {
    ledger_->phase(phase);
    proxy_.set(chaos);
    const auto begun = Clock::now();
    const bool struck = eventually([&] { return proxy_.faults() > 0; });
    eventually([&] { return proxy_.faults() > pool_size; }, reign);  // those that take their place, too
    // Silence is noticed by nobody but who waits for its end: it goes on for a while.
    if (chaos.fault == Fault::silent) std::this_thread::sleep_until(begun + reign);
    proxy_.calm();
    const auto returned = Clock::now();
    // Who is half-open swallows requests until it is given up.
    const bool noticed = eventually([&] { return proxy_.silent() == 0; });
    const int before = ledger_->done();
    const bool serves = noticed && eventually([&] { return ledger_->done() >= before + clients; });
    const auto took = std::chrono::duration_cast<milliseconds>(Clock::now() - returned);
    longest_return_ = std::max(longest_return_, took);
    const auto what = "phase " + std::to_string(phase) + ", at byte " + std::to_string(chaos.after) +
                      (chaos.direction == Direction::to_server ? " to" : " from") + " the server: ";
    if (!struck) return what + "no connection came so far";
    if (!serves) return what + "serves no more";
    if (took > recovery + slack(lag_)) return what + "served after " + std::to_string(took.count()) + " ms";
    return {};
  }

  /// Works for a while under what harms nobody.
  void work(std::size_t phase, const Chaos& chaos, milliseconds time) {
    ledger_->phase(phase);
    proxy_.set(chaos);
    std::this_thread::sleep_for(time);
  }

  /// Ends the clients and the server and compares.
  Faults settle(milliseconds timeout = request_timeout) {
    const auto& pages = ledger_->close();
    told_ = sum_of(pages);
    proxy_.calm();
    Faults faults;
    if (server_.stop() != 0) faults.push_back("the server did not end well: " + server_.log());
    wait_until("nothing is under way", [&] {
      return sql_.value(
                 "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND "
                 "backend_type = 'client backend' AND pid <> pg_backend_pid()") == "0";
    });
    for (auto& fault : audit(pages, sql_)) faults.push_back(std::move(fault));
    const auto limit = timeout + 100ms + slack(lag_);
    if (told_.longest > limit)
      faults.push_back("an answer took " + std::to_string(told_.longest.count()) + " ms, of " +
                       std::to_string(limit.count()) + " that it may: " + told_.slowest);
    if (told_.done == 0) faults.emplace_back("nothing was written");
    return faults;
  }

  /// After `settle`.
  const LedgerPage& told() const { return told_; }
  std::string figures() const {
    return std::to_string(told_.done) + " done, " + std::to_string(told_.unknown) + " unknown, " +
           std::to_string(told_.refused) + " refused, longest answer " +
           std::to_string(told_.longest.count()) + " ms, longest return " +
           std::to_string(longest_return_.count()) + " ms, lag " + std::to_string(lag_.worst().count()) +
           " ms, " + std::to_string(proxy_.connections()) + " connections";
  }

 private:
  static SqlSession with_table(const std::string& conninfo) {
    SqlSession sql(conninfo);
    make_ledger_table(sql);
    return sql;
  }

  std::string conninfo_;
  SqlSession sql_;
  ChaosProxy proxy_;
  ServerProcess server_;
  SchedulingLag lag_;
  std::optional<Ledger> ledger_;
  LedgerPage told_;
  milliseconds longest_return_{0};
};

/// Both directions at each of these bytes, in turn with a reset and an orderly end, or with silence.
std::vector<Chaos> at_bytes(const std::vector<std::size_t>& bytes, bool silent) {
  std::vector<Chaos> all;
  for (const auto after : bytes) {
    for (const auto direction : {Direction::to_server, Direction::to_client}) {
      const auto broken = all.size() % 4 < 2 ? Fault::reset : Fault::close;
      all.push_back({silent ? Fault::silent : broken, direction, after, 0ms});
    }
  }
  return all;
}

// PostgreSQL is asked for TLS in 8 bytes and answers with 1; the start-up packet follows, and its answers;
// then what a connection is prepared with; statements come after about a kilobyte, and go on for ever.
const std::vector<std::size_t> few_bytes = {0, 1, 8, 9, 40, 90, 150, 300, 420, 600, 900, 1'400, 2'000, 5'000};

std::vector<std::size_t> many_bytes(std::size_t step) {
  std::vector<std::size_t> bytes;
  for (std::size_t byte = 0; byte < 12; ++byte) bytes.push_back(byte);
  for (std::size_t byte = 12; byte < 1'500; byte += step) bytes.push_back(byte);
  for (std::size_t byte = 1'500; byte < 40'000; byte += byte / 9) bytes.push_back(byte);
  return bytes;
}

/// A bed of its own for every `beds`-th of them, all beds at once.
Faults suffer_all(const std::vector<Chaos>& all, int beds, milliseconds reign, milliseconds recovery) {
  std::vector<std::unique_ptr<Bed>> made;
  for (int bed = 0; bed < beds; ++bed) made.push_back(std::make_unique<Bed>());
  const auto of_each = in_parallel(beds, [&](int number) {
    Faults faults;
    auto& bed = *made[static_cast<std::size_t>(number)];
    bed.let_clients_in();
    for (auto phase = static_cast<std::size_t>(number); phase < all.size();
         phase += static_cast<std::size_t>(beds)) {
      const auto fault = bed.suffer(phase, all[phase], reign, recovery);
      if (!fault.empty()) faults.push_back(fault);
    }
    for (auto& fault : bed.settle()) faults.push_back(std::move(fault));
    return faults;
  });
  Faults faults;
  for (const auto& some : of_each) faults.insert(faults.end(), some.begin(), some.end());
  for (const auto& bed : made) UNSCOPED_INFO(bed->figures());
  return faults;
}

// Promised for a connection that is cut: clients are served again within 2 s of the last cut.
constexpr milliseconds return_from_cut = 2s;
// One that is silent is given up when PostgreSQL's own limit (the request's) and a second more have passed.
constexpr milliseconds return_from_silence = request_timeout + 1s + 2s;

}  // namespace

TEST_CASE("connections cut at a byte: every answer is true, in time, and soon a good one again", "[e2e]") {
  CHECK(suffer_all(at_bytes(few_bytes, false), 1, 300ms, return_from_cut) == Faults());
}

TEST_CASE("connections cut at any byte: every answer is true, in time, and soon a good one again",
          "[.][e2e][nightly]") {
  CHECK(suffer_all(at_bytes(many_bytes(5), false), 1, 300ms, return_from_cut) == Faults());
}

TEST_CASE("connections half-open from a byte on: every answer is true, in time, and soon a good one again",
          "[e2e]") {
  CHECK(suffer_all(at_bytes({0, 90, 600, 5'000}, true), 4, 700ms, return_from_silence) == Faults());
}

TEST_CASE("connections half-open from any byte on: every answer is true, in time, and soon a good one again",
          "[.][e2e][nightly]") {
  CHECK(suffer_all(at_bytes(many_bytes(20), true), 4, 700ms, return_from_silence) == Faults());
}

TEST_CASE("a slow network costs nobody an answer", "[e2e]") {
  constexpr milliseconds patient = 5s;
  Bed bed(patient);
  bed.let_clients_in();
  std::size_t phase = 0;
  for (const auto delay : {1ms, 20ms, 60ms}) bed.work(phase++, {.delay = delay}, 1s);
  const auto faults = bed.settle(patient);
  INFO(bed.figures());
  CHECK(faults == Faults());
  CHECK(bed.told().refused == 0);
  CHECK(bed.told().unknown == 0);
}
