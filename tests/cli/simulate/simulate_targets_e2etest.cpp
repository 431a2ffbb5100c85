// Users who go to several servers by name.
#include <algorithm>
#include <catch2/catch.hpp>
#include <mutex>
#include <string>
#include <vector>

#include "helpers/fake_server.hpp"
#include "helpers/folder.hpp"
#include "helpers/server_process.hpp"
#include "helpers/sweep_process.hpp"
#include "sim/result/results_io.hpp"

using namespace troupe;
using namespace troupe::tests;
using Catch::Contains;

namespace {

/// Gives everybody a cookie of its own name, and remembers what heads it was sent.
class NamedServer {
 public:
  explicit NamedServer(std::string name)
      : name_(std::move(name)), server_([this](const std::string& request) { return on(request); }) {}

  std::string url() const { return server_.url(); }
  int connections() const { return server_.connections; }
  std::vector<std::string> requests() {
    const std::scoped_lock lock(mutex_);
    return requests_;
  }
  /// How many of them hold a text.
  std::size_t with(const std::string& text) {
    const auto all = requests();
    return static_cast<std::size_t>(std::ranges::count_if(
        all, [&](const std::string& one) { return one.find(text) != std::string::npos; }));
  }

 private:
  FakeServer::Reply on(const std::string& request) {
    const std::scoped_lock lock(mutex_);
    requests_.push_back(request);
    return {answer_200("{\"token\":\"from-" + name_ + "\"}", "Set-Cookie: " + name_ + "=1\r\n")};
  }

  std::string name_;
  std::mutex mutex_;
  std::vector<std::string> requests_;
  FakeServer server_;
};

std::string scenario_for(const std::string& auth_url) {
  return "[targets]\nauth = \"" + auth_url + R"("
[[user]]
[[user.start]]
name = "login"
target = "auth"
method = "POST"
path = "/login"
extract = { token = "/token" }
[[user.step]]
name = "work"
method = "GET"
path = "/work"
auth = { bearer = "{token}" }
[[user.step]]
name = "refresh"
target = "auth"
method = "GET"
path = "/refresh"
)";
}

}  // namespace

TEST_CASE("users have a connection and cookies of their own for each target that they use", "[simulate]") {
  NamedServer own("own"), auth("auth");
  const Folder folder("simulate_targets");
  const bool moved = GENERATE(false, true);
  write_content(folder / "s.toml", scenario_for(moved ? "http://127.0.0.1:1" : auth.url()));
  std::vector<std::string> arguments{
      "simulate", "--target", own.url(), "--scenario", (folder / "s.toml").string(),
      "-u",       "3",        "-t",      "400ms",      "--warm-up",
      "0s",       "--quiet",  "--json",  "-"};
  if (moved) arguments.insert(arguments.end(), {"--target", "auth=" + auth.url()});
  const auto ran = run_troupe({.arguments = arguments});
  INFO(ran.err);
  CHECK(ran.code == 0);
  const auto result = sim::read_json(ran.out).value();
  CHECK(result.failures.empty());
  CHECK(result.run.target == own.url());
  CHECK(own.with("GET /work ") + 1 >= own.requests().size());  // but for the look before the run
  CHECK(own.with("Authorization: Bearer from-auth") == own.with("GET /work "));
  CHECK(own.with("auth=1") == 0);
  CHECK(auth.with("POST /login ") == 3);
  CHECK(auth.with("GET /refresh ") > 10);
  CHECK(auth.with("own=1") == 0);
  CHECK(auth.with("Cookie: auth=1") == auth.with("GET /refresh "));
  CHECK(own.connections() == 4);  // the users', and the look before the run
  CHECK(auth.connections() == 4);
}

TEST_CASE("a check shows each request with its own target", "[simulate]") {
  NamedServer own("own"), auth("auth");
  const Folder folder("simulate_targets");
  write_content(folder / "s.toml", scenario_for(auth.url()));
  const auto ran = run_troupe({.arguments = {"simulate", "--check", "--target", own.url(), "--scenario",
                                             (folder / "s.toml").string()}});
  CHECK(ran.code == 0);
  CHECK_THAT(ran.out, Contains("> POST /login HTTP/1.1\n> Host: " + auth.url().substr(7) + "\n") &&
                          Contains("> GET /work HTTP/1.1\n> Host: " + own.url().substr(7) + "\n"));
}

TEST_CASE("named targets without an outside server, unknown or away, are one clear line", "[simulate]") {
  NamedServer own("own");
  const Folder folder("simulate_targets");
  write_content(folder / "s.toml", scenario_for("http://127.0.0.1:1"));
  const auto [more, code, message] = GENERATE(table<std::vector<std::string>, int, std::string>({
      {{"simulate"}, 2, "task 'login' is for the target 'auth'"},
      {{"simulate", "--transport", "direct"}, 2, "it needs --target URL"},
      {{"simulate", "--target", "OWN", "--target", "x=http://h"}, 2, "has no x among its [targets]"},
      {{"simulate", "--target", "OWN"}, 3, "http://127.0.0.1:1"},
      {{"sweep", "--transport", "http", "--pool-size", "1", "--users", "1"}, 2, "it needs --target URL"},
  }));
  auto arguments = more;
  std::ranges::replace(arguments, std::string("OWN"), own.url());
  arguments.insert(arguments.end(), {"--scenario", (folder / "s.toml").string()});
  const auto ran = run_troupe({.arguments = arguments});
  INFO(ran.err);
  CHECK(ran.code == code);
  CHECK(is_one_line(ran.err));
  CHECK_THAT(ran.err, Contains(message));
}
