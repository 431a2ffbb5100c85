// A PostgreSQL that becomes read-only and writable again (../shared/cases: S14).
#include <boost/json/object.hpp>
#include <catch2/catch.hpp>
#include <chrono>
#include <string>
#include <vector>

#include "helpers/items_client.hpp"
#include "helpers/own_postgres.hpp"
#include "helpers/parallel.hpp"
#include "helpers/server_process.hpp"
#include "helpers/sql_session.hpp"

using namespace troupe::tests;
using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;
namespace json = boost::json;

namespace {

const json::value item = {{"name", "x"}, {"price", 1.5}};

/// Makes the server read-only, or no more so.
struct Way {
  const char* name;
  const char* on;
  const char* off;
};

// In the first way sessions become what new ones are; in the second a session stays for ever what it was when
// it began, and the ones that there are when it begins are ended.
constexpr Way ways[] = {
    {"the server's configuration", "ALTER SYSTEM SET default_transaction_read_only = on",
     "ALTER SYSTEM RESET default_transaction_read_only"},
    {"new sessions only",
     "ALTER DATABASE postgres SET default_transaction_read_only = on; "
     "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'troupe'",
     "SET transaction_read_only = off; ALTER DATABASE postgres RESET default_transaction_read_only"},
};

bool is_refused(const ItemAnswer& answer) {
  return answer.status() == 503 && answer.http.has("Retry-After") &&
         !answer.value.as_object().contains("outcome");
}

/// One server through it all: what it does wrong.
std::vector<std::string> go_through(std::uint16_t port, std::int64_t id) {
  std::vector<std::string> wrong;
  ItemsClient client(port);
  if (!eventually([&] { return is_refused(client.post(item)); }))
    wrong.emplace_back("writes are not refused");
  // Long enough for every connection to be given up and made anew, into what is still read-only.
  const auto end = Clock::now() + 1'500ms;
  while (Clock::now() < end && wrong.empty()) {
    const auto written = client.post(item);
    if (!is_refused(written)) wrong.push_back("a write: " + written.http.body);
    // While a connection is made anew a read may wait for it, but it finds it.
    const auto read = client.item(id);
    if (read.status() != 200) wrong.push_back("a read: " + read.http.body);
  }
  return wrong;
}

/// The same server when PostgreSQL is writable again.
std::vector<std::string> come_back(std::uint16_t port) {
  std::vector<std::string> wrong;
  ItemsClient client(port);
  const auto writable = Clock::now();
  const bool returned = eventually([&] { return client.post(item).status() == 201; });
  const auto took = std::chrono::ceil<std::chrono::milliseconds>(Clock::now() - writable);
  if (!returned || took > 3s) wrong.push_back("writes work after " + std::to_string(took.count()) + " ms");
  // And not on one lucky connection only.
  for (int write = 0; write < 20; ++write) {
    const auto written = client.post(item);
    if (written.status() != 201) wrong.push_back("a write: " + written.http.body);
  }
  return wrong;
}

}  // namespace

TEST_CASE("PostgreSQL read-only: writes are 503 and reads go on; writable again, writes work within 3 s",
          "[e2e]") {
  const OwnPostgres postgres;
  const auto url = url_of(postgres.conninfo());
  ServerProcess one({"--database-url", url, "--pool-size", "1"});
  ServerProcess three({"--database-url", url, "--pool-size", "3"});
  const std::vector<std::uint16_t> ports{one.port(), three.port()};
  const auto id = ItemsClient(ports[0]).post(item).id();
  for (const auto& way : ways) {
    CAPTURE(way.name);
    SqlSession(postgres.conninfo()).run(way.on);
    SqlSession(postgres.conninfo()).run("SELECT pg_reload_conf()");
    const auto port_of = [&](int server) { return ports[static_cast<std::size_t>(server)]; };
    for (const auto& wrong : in_parallel(2, [&](int server) { return go_through(port_of(server), id); }))
      CHECK(wrong == std::vector<std::string>());
    SqlSession(postgres.conninfo()).run(way.off);
    SqlSession(postgres.conninfo()).run("SELECT pg_reload_conf()");
    for (const auto& wrong : in_parallel(2, [&](int server) { return come_back(port_of(server)); }))
      CHECK(wrong == std::vector<std::string>());
  }
}
