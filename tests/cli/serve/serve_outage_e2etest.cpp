#include <atomic>
#include <boost/json/object.hpp>
#include <catch2/catch.hpp>
#include <csignal>
#include <future>
#include <set>
#include <string>
#include <vector>

#include "helpers/items_client.hpp"
#include "helpers/parallel.hpp"
#include "helpers/processes.hpp"
#include "helpers/server_process.hpp"
#include "helpers/sql_session.hpp"

using namespace troupe::tests;
using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;
namespace json = boost::json;

namespace {

const json::value item = {{"name", "x"}, {"price", 1.5}};

using Names = std::set<std::string>;

/// What a client knows of its writes.
struct Told {
  Names done;     ///< answered with 201
  Names unknown;  ///< answered with 503 and outcome "unknown"
  std::string wrong;
};

// What a client does that is told Retry-After, only shorter. Clients that ask again at once leave a
// recovering PostgreSQL on the same machine no processor: with the scheduler's autogroups (Linux 6.18) its
// postmaster was seen runnable and not running, and its return took more than a minute at times.
constexpr auto pause_after_503 = 10ms;

/// Creates items until `stop`, and notes what it is told of each.
Told write_until(const std::atomic<bool>& stop, std::atomic<int>& done, std::uint16_t port, int client) {
  Told told;
  ItemsClient api(port);
  for (int number = 0; !stop; ++number) {
    const auto name = "w" + std::to_string(client) + " " + std::to_string(number);
    const auto answer = api.post({{"name", name}, {"price", 1.5}});
    if (answer.status() == 201) {
      told.done.insert(name);
      ++done;
      continue;
    }
    if (answer.status() != 503 || !answer.http.has("Retry-After")) {
      told.wrong = answer.http.body;
    } else if (answer.value.as_object().contains("outcome")) {
      told.unknown.insert(name);
    }
    std::this_thread::sleep_for(pause_after_503);
  }
  return told;
}

/// Reads one item until `stop`; what it got that was neither the item nor 503.
std::string read_until(const std::atomic<bool>& stop, std::uint16_t port, std::int64_t id) {
  ItemsClient api(port);
  while (!stop) {
    const auto answer = api.item(id);
    const bool right = answer.status() == 200 && answer.id() == id;
    const bool away = answer.status() == 503 && !answer.value.as_object().contains("outcome");
    if (!right && !away) return answer.http.body;
    if (away) std::this_thread::sleep_for(pause_after_503);
  }
  return {};
}

/// One backend: PostgreSQL then ends all others itself and recovers.
void kill_one_backend(pid_t postmaster) {
  for (const pid_t child : children_of(postmaster)) {
    const auto words = command_line(child);
    if (!words.empty() && words[0].find("[local]") != std::string::npos) {
      kill(child, SIGKILL);
      return;
    }
  }
}

}  // namespace

TEST_CASE("PostgreSQL killed under load: every answered write is there, and troupe serves again", "[e2e]") {
  const bool whole = GENERATE(true, false);
  const std::string batching = GENERATE("coalesce", "pipeline");
  CAPTURE(whole, batching);
  static ServerProcess coalescing({"--batching", "coalesce", "--pool-size", "2"});
  static ServerProcess pipelining({"--batching", "pipeline", "--pool-size", "2"});
  auto& server = batching == "coalesce" ? coalescing : pipelining;
  const auto port = server.port();
  const auto conninfo = server.conninfo();  // the same before and after: nobody else may find the socket
  SqlSession(conninfo).run("TRUNCATE items");
  const auto id = ItemsClient(port).post(item).id();

  std::atomic<bool> stop = false;
  std::atomic<int> done = 0;
  auto reading = std::async(std::launch::async, [&] { return read_until(stop, port, id); });
  auto writing = std::async(std::launch::async, [&] {
    return in_parallel(4, [&](int client) { return write_until(stop, done, port, client); });
  });
  CHECK(eventually([&] { return done > 200; }));
  const auto postmaster = server.postmaster();
  whole ? kill_with_children(postmaster) : kill_one_backend(postmaster);
  if (whole) {
    CHECK(eventually([&] { return server.postmaster() != 0 && server.postmaster() != postmaster; }));
  }
  CHECK(eventually([&] { return metric(port, "troupe_database_reconnects_total{actor=\"0\"}") >= 1; }));
  CHECK(eventually([&] { return PQping(conninfo.c_str()) == PQPING_OK; }));
  const int before = done;
  const auto returned = Clock::now();
  CHECK(eventually([&] { return done > before; }));
  CHECK(Clock::now() - returned < 5s);  // promised within 1 s; a slow machine gets more
  CHECK(eventually([&] { return done > before + 200; }));
  stop = true;
  CHECK(reading.get().empty());

  Names done_names, allowed, stored;
  for (const auto& told : writing.get()) {
    CHECK(told.wrong.empty());
    done_names.insert(told.done.begin(), told.done.end());
    allowed.insert(told.done.begin(), told.done.end());
    allowed.insert(told.unknown.begin(), told.unknown.end());
  }
  for (const auto& row : SqlSession(conninfo).run("SELECT name FROM items WHERE name LIKE 'w%'")) {
    CHECK(stored.insert(row[0]).second);  // a write must not happen twice
  }
  CHECK(std::ranges::includes(stored, done_names));  // nothing answered is lost
  CHECK(std::ranges::includes(allowed, stored));     // and nothing was made that was reported as not made
}

TEST_CASE("PostgreSQL that stops answering costs 503s in time, then all is as before", "[e2e]") {
  ServerProcess server({"--request-timeout", "1s", "--pool-size", "2"});
  const auto port = server.port();
  ItemsClient client(port);
  const auto id = client.post(item).id();
  {
    const Paused paused(server.postmaster());
    const auto start = Clock::now();
    ItemsClient writer(port), reader(port);
    writer.http().send(writer.text("PATCH", ItemsClient::item_path(id), &item));
    reader.http().send(reader.text("GET", ItemsClient::item_path(id)));
    CHECK(client.get("/health/live").status() == 200);
    const auto written = writer.read(), read = reader.read();
    CHECK(Clock::now() - start < 10s);  // not PostgreSQL's time but ours decides
    for (const auto* answer : {&written, &read}) {
      CHECK(answer->status() == 503);
      CHECK(answer->http.has("Retry-After"));
    }
    CHECK(written.value.at("outcome") == "unknown");
    CHECK_FALSE(read.value.as_object().contains("outcome"));

    // Nobody has to ask the server for that: idle connections are pinged.
    CHECK(eventually([&] { return client.get("/health/ready").status() == 503; }));
    // Once the connections count as dead the answer comes soon, and nothing was done.
    const auto away = [&] {
      const auto answer = client.post(item);
      return answer.status() == 503 && answer.value.at("type") == "urn:troupe:problem:database-away" &&
             !answer.value.as_object().contains("outcome");
    };
    CHECK(eventually(away));
    const auto before = processor_seconds(server.pid());
    const auto watched = Clock::now();
    std::this_thread::sleep_for(1s);  // the time in which a spinning server would show
    const std::chrono::duration<double> elapsed = Clock::now() - watched;
    CHECK(processor_seconds(server.pid()) - before < elapsed.count() / 2);
  }
  const auto resumed = Clock::now();
  CHECK(eventually([&] { return client.post(item).status() == 201; }));
  CHECK(Clock::now() - resumed < 10s);
  CHECK(eventually([&] { return client.get("/health/ready").status() == 200; }));
  CHECK(client.item(id).status() == 200);
}

TEST_CASE("the pool comes back to full strength after an outage", "[e2e]") {
  ServerProcess server({"--pool-size", "3"});
  const auto all_ready_after = [&](double reconnects) {
    for (const auto* actor : {"0", "1", "2"}) {
      const std::string label = std::string("{actor=\"") + actor + "\"}";
      if (metric(server.port(), "troupe_database_reconnects_total" + label) != reconnects) return false;
      if (metric(server.port(), "troupe_database_ready" + label) != 1) return false;
    }
    return true;
  };
  // The server is ready with its first connection; the others may still be on their way.
  REQUIRE(eventually([&] { return all_ready_after(0); }));
  kill_with_children(server.postmaster());
  CHECK(eventually([&] { return all_ready_after(1); }));
  const auto connections = [&] {
    return SqlSession(server.conninfo())
        .value(
            "SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> "
            "pg_backend_pid()");
  };
  CHECK(eventually([&] { return connections() == "3"; }));
}
