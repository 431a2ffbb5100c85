// Setup and teardown around runs of `troupe simulate` and repeats of `troupe sweep`.
#include <atomic>
#include <catch2/catch.hpp>
#include <csignal>
#include <string>
#include <vector>

#include "helpers/eventually.hpp"
#include "helpers/fake_server.hpp"
#include "helpers/folder.hpp"
#include "helpers/server_process.hpp"
#include "helpers/sweep_process.hpp"
#include "sim/result/results_io.hpp"

using namespace troupe;
using namespace troupe::tests;
using namespace std::chrono_literals;
using Catch::Contains;

namespace {

const std::string token_scenario = R"([[setup.step]]
name = "login"
method = "POST"
path = "/login"
form = { user = "u", password = "hidden" }
extract = { token = "/access_token" }
[[task]]
name = "private"
method = "GET"
path = "/private"
auth = { bearer = "{token}" }
[[teardown.step]]
name = "logout"
method = "POST"
path = "/logout"
auth = { bearer = "{token}" }
)";

/// A service behind a login that gives one token, and counts.
class TokenServer {
 public:
  explicit TokenServer(std::string refused = {})
      : refused_(std::move(refused)), server_([this](const std::string& request) { return on(request); }) {}

  std::string url() const { return server_.url(); }
  std::atomic<int> logins{0}, private_ones{0}, logouts{0}, without_token{0};

 private:
  FakeServer::Reply on(const std::string& request) {
    const auto path = request.substr(request.find(' ') + 1, request.find(" HTTP/") - request.find(' ') - 1);
    if (path == "/login") {
      ++logins;
    } else {
      ++(path == "/logout" ? logouts : private_ones);
      if (request.find("Authorization: Bearer of-all") == std::string::npos) ++without_token;
    }
    if (path == refused_) return {"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n"};
    return {answer_200("{\"access_token\":\"of-all\"}")};
  }

  std::string refused_;
  FakeServer server_;
};

std::vector<std::string> with_token_scenario(const TokenServer& server, const Folder& folder,
                                             std::vector<std::string> more) {
  write_content(folder / "s.toml", token_scenario);
  more.insert(more.begin(), {"--target", server.url(), "--scenario", (folder / "s.toml").string()});
  return more;
}

Finished simulate_token(const TokenServer& server, std::vector<std::string> more) {
  const Folder folder("simulate_setup");
  more = with_token_scenario(server, folder, std::move(more));
  more.insert(more.begin(), "simulate");
  return run_troupe({.arguments = more});
}

}  // namespace

TEST_CASE("a token that setup takes is all users', and its requests are in no figure", "[simulate]") {
  TokenServer server;
  const auto ran =
      simulate_token(server, {"-u", "8", "-t", "500ms", "--warm-up", "0s", "--quiet", "--json", "-"});
  INFO(ran.err);
  CHECK(ran.code == 0);
  const auto result = sim::read_json(ran.out).value();
  CHECK(server.logins == 1);
  CHECK(server.logouts == 1);
  CHECK(server.without_token == 0);
  REQUIRE(result.tasks.size() == 1);
  CHECK(result.total.failed == 0);
  CHECK(result.total.requests + result.total.drained == static_cast<std::uint64_t>(server.private_ones));
}

TEST_CASE("a failed setup ends a run before its load, in one line and with code 3", "[simulate]") {
  TokenServer server("/login");
  const auto ran = simulate_token(server, {"-u", "8", "-t", "500ms"});
  CHECK(ran.code == 3);
  CHECK(ran.err == "troupe: setup step 'login' failed: status: 503\n");
  CHECK(server.private_ones == 0);
  CHECK(server.logouts == 0);
}

TEST_CASE("a failed teardown is one line and leaves the exit code as it was", "[simulate]") {
  TokenServer server("/logout");
  const auto ran = simulate_token(server, {"-u", "2", "-t", "300ms"});
  CHECK(ran.code == 0);
  CHECK(ran.err == "troupe: teardown step 'logout' failed: status: 503\n");
}

TEST_CASE("Ctrl-C ends the load, and teardown is done all the same", "[simulate]") {
  TokenServer server;
  const Folder folder("simulate_setup");
  auto arguments = with_token_scenario(server, folder, {"-u", "2", "-t", "60s"});
  arguments.insert(arguments.begin(), "simulate");
  TroupeProcess process({.arguments = arguments});
  REQUIRE(eventually([&] { return server.private_ones > 10; }));
  process.signal(SIGINT);
  CHECK(process.finish().code == 130);
  CHECK(server.logouts == 1);
}

TEST_CASE("a check does setup, tasks and teardown, and prints all three", "[simulate]") {
  const auto [refused, code, logouts] =
      GENERATE(table<std::string, int, int>({{"", 0, 1}, {"/login", 4, 0}, {"/logout", 4, 1}}));
  TokenServer server(refused);
  const auto ran = simulate_token(server, {"--check"});
  INFO(ran.out << ran.err);
  CHECK(ran.code == code);
  CHECK(server.logouts == logouts);
  CHECK_THAT(ran.out, Contains("\nlogin\n> POST /login HTTP/1.1\n") && !Contains("hidden"));
  if (refused.empty())
    CHECK_THAT(ran.out,
               Contains("\nprivate\n") && Contains("\nlogout\n") && Contains("\n3 requests, 0 faults\n"));
  if (!refused.empty()) CHECK_THAT(ran.out, Contains("FAULT " + refused.substr(1) + ": status: 503"));
}

TEST_CASE("each repeat of a sweep is set up and torn down", "[sweep]") {
  TokenServer server;
  const Folder folder("simulate_setup");
  const auto ran = run_sweep(with_token_scenario(server, folder,
                                                 {"--users", "1,2", "--repeats", "2", "--duration", "300ms",
                                                  "--warm-up", "0s", "--out", (folder / "out").string()}));
  INFO(ran.out << ran.err);
  CHECK(ran.code == 0);
  CHECK(server.logins == 4);
  CHECK(server.logouts == 4);
  CHECK(server.without_token == 0);
}

TEST_CASE("a repeat on a server of our own finds what its setup has made", "[sweep]") {
  const std::string transport = GENERATE("direct", "http");
  const Folder folder("simulate_setup");
  write_content(folder / "s.toml", R"([[setup.step]]
name = "make"
method = "POST"
path = "/items/"
json = { name = "made", price = 3 }
status = [201]
extract = { made = "/id" }
[[task]]
name = "look"
method = "GET"
path = "/items/{made}"
checks.json."/name" = "made"
[[teardown.step]]
name = "remove"
method = "DELETE"
path = "/items/{made}"
)");
  const auto ran = run_sweep({"--scenario", (folder / "s.toml").string(), "--transport", transport,
                              "--pool-size", "1,2", "--users", "2", "--repeats", "2", "--duration", "300ms",
                              "--warm-up", "0s", "--out", (folder / "out").string()});
  INFO(ran.out << ran.err);
  CHECK(ran.code == 0);
  CHECK_THAT(ran.err, !Contains("teardown"));
  const auto rows = csv_rows(folder / "out/results.csv");
  REQUIRE(rows.size() == 4);
  for (const auto& row : rows) {
    CHECK(row.at("failed") == "0");
    CHECK(row.at("failure").empty());
    CHECK(std::stod(row.at("rate_per_s")) > 0);
  }
}
