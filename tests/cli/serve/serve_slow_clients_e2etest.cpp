#include <algorithm>
#include <catch2/catch.hpp>
#include <chrono>
#include <fstream>
#include <map>
#include <string>
#include <thread>
#include <vector>

#include "helpers/http_client.hpp"
#include "helpers/items_client.hpp"
#include "helpers/server_process.hpp"
#include "helpers/sql_session.hpp"

using namespace troupe::tests;
using namespace std::chrono_literals;

namespace {

constexpr long mib = 1024;

long resident_kib(const ServerProcess& server) {
  std::ifstream status("/proc/" + std::to_string(server.pid()) + "/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with("VmRSS:")) return std::stol(line.substr(6));
  }
  return 0;
}

/// 1,000 items that are a list of 6 MB: more than a connection of the system's takes at once.
void fill_table(const ServerProcess& server) {
  SqlSession(server.conninfo())
      .run(
          "INSERT INTO items (name, description, price) SELECT 'n', repeat(U&'\\706F', 2000), 1 FROM "
          "generate_series(1, 1000)");
}

const std::string list = request_text("GET", "/items/?limit=1000");

/// The longest of a few answers to GET /health/live.
std::chrono::milliseconds slowest_live(const ServerProcess& server) {
  std::chrono::steady_clock::duration slowest{};
  for (int i = 0; i < 20; ++i) {
    const auto begin = std::chrono::steady_clock::now();
    CHECK(HttpClient(server.port()).ask("GET", "/health/live").status == 200);
    slowest = std::max(slowest, std::chrono::steady_clock::now() - begin);
  }
  return std::chrono::ceil<std::chrono::milliseconds>(slowest);
}

}  // namespace

TEST_CASE("bodies that never end take the memory they are given and no more", "[e2e]") {
  ServerProcess server({"--memory-limit", "8MiB", "--workers", "2"});
  const auto before = resident_kib(server);
  std::vector<HttpClient> clients;
  const auto begun =
      request_text("POST", "/items/", "Content-Type: application/json\r\nContent-Length: 1048576\r\n") +
      std::string(1'000'000, ' ');
  for (int i = 0; i < 60; ++i) {
    clients.emplace_back(server.port());
    clients.back().send(begun);
  }
  CHECK(slowest_live(server) < 1s);
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
  CHECK(resident_kib(server) < before + 24 * mib);
#else
  CHECK(before > 0);  // a sanitizer's shadow memory would be counted, too
#endif
  CHECK(std::ranges::count_if(clients, [](auto& client) { return client.readable(0ms); }) > 40);
  const auto refused = std::ranges::find_if(clients, [](auto& client) { return client.readable(0ms); });
  REQUIRE(refused != clients.end());
  CHECK(refused->read().status == 503);
  CHECK(metric(server.port(), "troupe_http_memory_refusals_total") > 40);
}

TEST_CASE("clients that do not read a big list are refused when there is no memory for it", "[e2e]") {
  ServerProcess server({"--memory-limit", "8MiB", "--workers", "2"});
  fill_table(server);
  const auto before = resident_kib(server);
  {
    std::vector<HttpClient> clients;
    for (int i = 0; i < 40; ++i) {
      clients.emplace_back(server.port());
      clients.back().send(list);
    }
    REQUIRE(
        eventually([&] { return std::ranges::all_of(clients, [](auto& c) { return c.readable(0ms); }); }));
    CHECK(slowest_live(server) < 1s);
    std::map<int, int> answers;
    for (auto& client : clients) ++answers[client.read().status];
    CHECK(answers[200] > 0);
    CHECK(answers[200] + answers[503] == 40);
  }
  CHECK(HttpClient(server.port()).ask("GET", "/items/?limit=1000").status == 200);
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
  CHECK(eventually([&] { return resident_kib(server) < before + 40 * mib; }));
#else
  CHECK(before > 0);
#endif
}

TEST_CASE("a reader that takes longer than the time for a body gets all of it if it goes on", "[e2e]") {
  ServerProcess server({"--body-timeout", "300ms"});
  fill_table(server);
  HttpClient client(server.port());
  client.send(list + list);
  for (int i = 0; i < 150; ++i) {
    REQUIRE(client.fill());
    std::this_thread::sleep_for(20ms);
  }
  for (int i = 0; i < 2; ++i) {
    const auto answer = client.read();
    CHECK(answer.status == 200);
    CHECK(answer.body.size() > 5'000'000);
  }
}
