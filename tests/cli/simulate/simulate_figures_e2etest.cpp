// Runs whose right figures are known beforehand, and the exit codes and signals that scripts rely on.
#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>
#include <catch2/catch.hpp>
#include <chrono>
#include <fstream>
#include <thread>

#include "helpers/eventually.hpp"
#include "helpers/folder.hpp"
#include "helpers/server_process.hpp"
#include "sim/result/results_io.hpp"

using namespace troupe;
using namespace troupe::tests;
using namespace std::chrono_literals;
using Catch::Contains;

namespace {

/// A scenario of one task, in a file of its own.
class ScenarioFile {
 public:
  explicit ScenarioFile(const std::string& toml) { std::ofstream(path()) << toml; }
  std::string path() const { return (directory_.path() / "one.toml").string(); }

 private:
  TemporaryDirectory directory_;
};

Finished simulate(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), "simulate");
  return run_troupe({.arguments = std::move(arguments)});
}

/// A run against a stand-in, as its result; `code` is its exit code.
struct Ran {
  int code = 0;
  sim::RunResult result;
};
Ran measure(std::vector<std::string> arguments) {
  arguments.insert(arguments.end(), {"--quiet", "--json", "-", "--seed", "1"});
  const auto ran = simulate(std::move(arguments));
  INFO(ran.err);
  return {ran.code, sim::read_json(ran.out).value()};
}

const std::string lists = "[[task]]\ndo = \"list\"\n";

/// A server of one connection after the other that answers every request with the same bytes.
class FixedAnswer {
 public:
  explicit FixedAnswer(std::string answer)
      : acceptor_(io_, {boost::asio::ip::address_v4::loopback(), 0}),
        thread_([this, answer = std::move(answer)] { serve(answer); }) {}
  ~FixedAnswer() {
    boost::system::error_code ignored;  // it only has to wake up
    boost::asio::ip::tcp::socket(io_).connect(acceptor_.local_endpoint(), ignored);
    thread_.join();
  }
  std::string url() const { return "http://127.0.0.1:" + std::to_string(acceptor_.local_endpoint().port()); }

 private:
  void serve(const std::string& answer) {
    for (;;) {
      auto socket = acceptor_.accept();
      std::string in;
      boost::system::error_code ec;
      bool asked = false;
      while (const auto size =
                 boost::asio::read_until(socket, boost::asio::dynamic_buffer(in), "\r\n\r\n", ec)) {
        asked = true;
        in.erase(0, size);
        boost::asio::write(socket, boost::asio::buffer(answer), ec);
      }
      if (!asked && stop_after_probe_++ > 0) return;  // find_target connects once without asking
    }
  }

  boost::asio::io_context io_;
  boost::asio::ip::tcp::acceptor acceptor_;
  int stop_after_probe_ = 0;
  std::thread thread_;
};

}  // namespace

TEST_CASE("no rate is above what the station can do, whatever the model and however short the run",
          "[simulate]") {
  const ScenarioFile scenario(lists);
  struct Case {
    std::string stand_in;
    std::string pool;
    double capacity_per_s;
  };
  const auto station = GENERATE(values<Case>({{"fixed:400ms", "20", 50}, {"fixed:20ms", "4", 200}}));
  const auto load = GENERATE(as<std::vector<std::string>>{}, std::vector<std::string>{"-u", "20"},
                             std::vector<std::string>{"--arrival-rate", "500"});
  std::vector<std::string> arguments{"--stand-in-database=" + station.stand_in,
                                     "--pool-size",
                                     station.pool,
                                     "--workers",
                                     "2",
                                     "-t",
                                     "1s",
                                     "--warm-up",
                                     "0s",
                                     "--scenario",
                                     scenario.path()};
  arguments.insert(arguments.end(), load.begin(), load.end());
  const auto ran = measure(arguments);
  CAPTURE(station.stand_in, load, ran.result.total.requests, ran.result.total.drained);
  CHECK(ran.result.total.rate_per_s <= station.capacity_per_s);
  CHECK(ran.result.total.drained > 0);
}

TEST_CASE("an overloaded server is the limit: offered, answered and a backlog, and nobody blames the users",
          "[simulate]") {
  const ScenarioFile scenario(lists);
  const auto ran =
      measure({"--stand-in-database=fixed:10ms", "--pool-size", "2", "--workers", "1", "--arrival-rate",
               "400", "-t", "2s", "--warm-up", "0s", "--scenario", scenario.path()});
  REQUIRE(ran.result.verdict.open_load);
  const auto& load = *ran.result.verdict.open_load;
  CHECK(ran.result.verdict.saturated == false);
  CHECK(load.offered_per_s == Approx(400).epsilon(0.15));
  CHECK(load.answered_per_s <= 200);
  CHECK(load.backlog > 250);
  CHECK(load.backlog_per_s == Approx(load.offered_per_s - load.answered_per_s).epsilon(0.25));
}

TEST_CASE("a condition that nothing was measured for is not passed", "[simulate]") {
  const auto ran = simulate({"--stand-in-database", "--scenario", "mixed", "-u", "1", "-t", "300ms",
                             "--fail-if", "failed.p99 > 1us"});
  CHECK(ran.code == 6);
  CHECK_THAT(ran.out, Contains("NOT MEASURED  fail if failed.p99 > 1us"));
}

TEST_CASE("ramp and warm-up are left out exactly, and what is left is measured", "[simulate]") {
  const auto flags = GENERATE(as<std::vector<std::string>>{}, std::vector<std::string>{"-r", "8", "-t", "2s"},
                              std::vector<std::string>{"-t", "1500ms", "--warm-up", "1200ms"});
  std::vector<std::string> arguments{
      "--stand-in-database=fixed:5ms", "-u", "10", "--fail-if", "p99 > 10s", "--scenario", "mixed"};
  arguments.insert(arguments.end(), flags.begin(), flags.end());
  const auto ran = measure(arguments);
  CHECK(ran.code == 0);
  CHECK(ran.result.run.measured.count() == Approx(flags[0] == "-r" ? 0.75 : 0.3));
  CHECK(ran.result.total.requests > 0);
  REQUIRE(ran.result.thresholds.size() == 1);
  CHECK(ran.result.thresholds[0].measured);
}

TEST_CASE("a stand-in has every item that a scenario wants, however slow it is", "[simulate]") {
  const auto ran = measure({"--stand-in-database=serial:300ms", "--scenario", "read", "-u", "2", "-t", "2s"});
  CHECK(ran.code == 0);
  CHECK(ran.result.total.failed == 0);
  CHECK(ran.result.total.requests > 0);
}

TEST_CASE("a run without one good answer fails, whatever its conditions", "[simulate]") {
  const ScenarioFile scenario("[[task]]\ndo = \"request\"\nmethod = \"GET\"\npath = \"/\"\n");
  FixedAnswer server("HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\n\r\n");
  const auto ran =
      simulate({"--target", server.url(), "--scenario", scenario.path(), "-u", "1", "-t", "500ms"});
  CHECK(ran.code == 3);
  CHECK_THAT(ran.err, Contains("not one of") && Contains("requests was good"));
}

TEST_CASE("a run of which nothing was answered fails, and tells what waited apart from what was answered",
          "[simulate]") {
  const ScenarioFile scenario("[[task]]\ndo = \"request\"\nmethod = \"GET\"\npath = \"/\"\n");
  boost::asio::io_context io;  // which takes up connections and says nothing
  boost::asio::ip::tcp::acceptor silent(io, {boost::asio::ip::address_v4::loopback(), 0});
  const auto url = "http://127.0.0.1:" + std::to_string(silent.local_endpoint().port());
  const auto ran = simulate({"--target", url, "--scenario", scenario.path(), "--arrival-rate", "100", "-u",
                             "5", "-t", "500ms", "--timeout", "1s", "--fail-if", "p99 > 5s"});
  CHECK(ran.code == 3);
  CHECK_THAT(ran.err, Contains("not one of") && Contains("requests was good"));
  CHECK_THAT(ran.out, Contains("\n5 failed without an answer after the load had ended") &&
                          Contains(" unfinished, the oldest") && !Contains("were answered after") &&
                          Contains("NOT MEASURED  fail if p99 > 5s"));
}

TEST_CASE("a run whose users have done all before the measuring begins measured nothing, and says so",
          "[simulate]") {
  const ScenarioFile scenario("iterations = 3\n" + lists);
  const auto ran = simulate(
      {"--stand-in-database", "--scenario", scenario.path(), "-u", "4", "-t", "20s", "--warm-up", "5s"});
  CHECK(ran.code == 6);
  CHECK(ran.err ==
        "troupe: nothing was measured: the users' iterations ended within the warm-up; lower --warm-up or "
        "raise iterations\n");
}

TEST_CASE("an interrupted run tells what was unfinished, and for how long", "[simulate]") {
  const ScenarioFile scenario(lists);
  TroupeProcess process({.arguments = {"simulate", "--stand-in-database=fixed:30s", "--pool-size", "4", "-u",
                                       "4", "-t", "60s", "--scenario", scenario.path()}});
  REQUIRE(eventually([&] { return process.out().find(" 2 s ") != std::string::npos; }));
  process.signal(SIGINT);
  const auto ran = process.finish();
  CHECK(ran.code == 130);
  CHECK_THAT(ran.out, Contains("4 unfinished, the oldest"));
}

TEST_CASE("a signal during the start ends it at once", "[simulate]") {
  boost::asio::io_context io;
  boost::asio::ip::tcp::acceptor silent(io, {boost::asio::ip::address_v4::loopback(), 0});
  const auto there = "127.0.0.1:" + std::to_string(silent.local_endpoint().port());
  const auto arguments =
      GENERATE(true, false)
          ? std::vector<std::string>{"simulate", "--target", "http://" + there}
          : std::vector<std::string>{"simulate", "--database-url", "postgresql://" + there + "/x"};
  const auto signal = GENERATE(SIGINT, SIGTERM, SIGHUP);
  TroupeProcess process({.arguments = arguments});
  auto connected = silent.accept();  // it has come as far as waiting for an answer
  const auto told = std::chrono::steady_clock::now();
  process.signal(signal);
  const auto ran = process.finish();
  CHECK(ran.code == 130);
  CHECK(std::chrono::steady_clock::now() - told < 2s);  // not the 10 s that an answer may take
  CHECK_THAT(ran.err, Contains("ended before anything began"));
}
