// A sweep's figures beside those of one run, and what a sweep must not do while it measures.
#include <catch2/catch.hpp>
#include <fstream>
#include <sstream>
#include <string>

#include "helpers/sweep_process.hpp"
#include "sim/result/results_io.hpp"

using namespace troupe;
using namespace troupe::tests;
using namespace std::chrono_literals;

namespace {

/// Connections that processes of this machine have opened since it started, as the kernel counts them.
std::uint64_t opened_connections() {
  std::ifstream in("/proc/net/snmp");
  std::string line, word;
  std::vector<std::string> names;
  while (std::getline(in, line)) {
    std::istringstream words(line);
    words >> word;
    if (word != "Tcp:") continue;
    std::vector<std::string> fields;
    while (words >> word) fields.push_back(word);
    if (names.empty()) {
      names = fields;
      continue;
    }
    const auto at = std::ranges::find(names, "ActiveOpens") - names.begin();
    return std::stoull(fields.at(static_cast<std::size_t>(at)));
  }
  throw std::runtime_error("/proc/net/snmp tells nothing of TCP");
}

}  // namespace

TEST_CASE("the users of a repeat connect once, before it is measured") {
  const TemporaryDirectory directory;
  const auto before = opened_connections();
  const auto ran =
      run_sweep({"--stand-in-database", "instant", "--transport", "http", "--users", "50", "--repeats", "1",
                 "--duration", "300ms", "--warm-up", "200ms", "--out", (directory.path() / "out").string()});
  INFO(ran.err);
  REQUIRE(ran.code == 0);
  const auto opened = opened_connections() - before;
  CHECK(opened >= 50);
  CHECK(opened <= 60);  // 101 when they connected again for what is measured
}

TEST_CASE("one load gives the same figures as a run and as a sweep") {
  const auto transport = GENERATE(as<std::string>{}, "direct", "http");
  const std::vector<std::string> same{"--scenario",  "mixed", "--transport", transport, "--users",   "8",
                                      "--pool-size", "2",     "--duration",  "2s",      "--warm-up", "500ms"};
  const TemporaryDirectory directory;
  const auto out = directory.path() / "out";
  const auto swept = run_sweep(same + std::vector<std::string>{"--stand-in-database", "fixed:20ms",
                                                               "--repeats", "1", "--out", out.string()});
  INFO(swept.err);
  REQUIRE(swept.code == 0);
  const auto rows = csv_rows(out / "results.csv");
  REQUIRE(rows.size() == 1);
  const auto run =
      run_troupe({.arguments = std::vector<std::string>{"simulate", "--stand-in-database=fixed:20ms",
                                                        "--quiet", "--json", "-"} +
                               same});
  INFO(run.err);
  REQUIRE(run.code == 0);
  const auto total = sim::read_json(run.out).value().total;
  CAPTURE(transport);
  // The station does 100/s and makes each of eight users wait 80 ms; timers are a little late.
  CHECK(std::stod(rows[0].at("rate_per_s")) == Approx(total.rate_per_s).epsilon(0.05));
  CHECK(std::stod(rows[0].at("p50_us")) ==
        Approx(static_cast<double>(total.good.response.p50.count())).epsilon(0.05));
  CHECK(rows[0].at("failed") == std::to_string(total.failed));
  CHECK(total.rate_per_s <= 100);
}
