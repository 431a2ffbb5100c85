#include "sweep/analysis/bottleneck.hpp"

#include <catch2/catch.hpp>
#include <string>

using namespace troupe::sweep;

namespace {

MeasuredCell busy_cell() {
  MeasuredCell out;
  out.summary.cell.configuration.workers = 2;
  out.summary.cell.load.users = 64;
  out.summary.repeats = 3;
  out.summary.rate_per_s = {10'000, 9'900, 10'100};
  out.summary.in_flight = 60;
  out.summary.worker_cpu = 0.5;
  out.summary.machine_cpu = 0.7;
  out.summary.waterfall = {{troupe::sim::RequestStage::parse, 5},
                           {troupe::sim::RequestStage::mailbox, 50},
                           {troupe::sim::RequestStage::pool, 100},
                           {troupe::sim::RequestStage::sql, 400},
                           {troupe::sim::RequestStage::serialize, 5}};
  return out;
}

}  // namespace

TEST_CASE("a full machine is the limit before anything else is") {
  auto cell = busy_cell();
  cell.summary.machine_cpu = 0.97;
  cell.summary.worker_cpu = 0.9;
  const auto bottleneck = bottleneck_of(cell);
  REQUIRE(name_of(bottleneck.kind) == "CPUs of the machine");
  REQUIRE_THAT(bottleneck.evidence, Catch::Contains("97 %"));
}

TEST_CASE("busy workers are the limit on a machine with CPUs to spare, known or not") {
  auto cell = busy_cell();
  cell.summary.worker_cpu = 0.9;
  cell.summary.machine_cpu = GENERATE(0.6, unknown);
  const auto bottleneck = bottleneck_of(cell);
  REQUIRE(name_of(bottleneck.kind) == "CPU of the workers");
  REQUIRE_THAT(bottleneck.evidence, Catch::Contains("90 %"));
  REQUIRE_THAT(bottleneck.evidence, !Catch::Contains("unknown"));
}

TEST_CASE("with CPUs to spare the longest wait is the limit") {
  auto cell = busy_cell();
  REQUIRE(name_of(bottleneck_of(cell).kind) == "waiting for PostgreSQL");
  REQUIRE_THAT(bottleneck_of(cell).evidence, Catch::Contains("400 µs SQL"));
  cell.summary.waterfall[2].mean_us = 440;
  REQUIRE(name_of(bottleneck_of(cell).kind) == "waiting for a connection");
  REQUIRE_THAT(bottleneck_of(cell).evidence, Catch::Contains("440 µs was waiting for a connection"));
  cell.summary.waterfall[1].mean_us = 500;
  REQUIRE(name_of(bottleneck_of(cell).kind) == "waiting for an actor");
  REQUIRE_THAT(bottleneck_of(cell).evidence, Catch::Contains("in mailboxes for 500 µs"));
}

TEST_CASE("without a waterfall, or with none of the known waits, the limit is not known") {
  auto cell = busy_cell();
  cell.summary.waterfall = GENERATE(
      std::vector<StageTime>{},
      std::vector<StageTime>{{troupe::sim::RequestStage::parse, 500}, {troupe::sim::RequestStage::sql, 100}});
  REQUIRE(name_of(bottleneck_of(cell).kind) == "not known");
}

TEST_CASE("users who mostly pause are the limit themselves") {
  auto cell = busy_cell();
  cell.summary.in_flight = 12;
  REQUIRE(name_of(bottleneck_of(cell).kind) == "the load");
  REQUIRE_THAT(bottleneck_of(cell).evidence, Catch::Contains("of 64 users only 12"));
}

TEST_CASE("an arrival rate that was kept up with is the limit") {
  auto cell = busy_cell();
  cell.summary.cell.load = {0, 10'000};
  cell.summary.answered_share = 1;
  REQUIRE(name_of(bottleneck_of(cell).kind) == "the load");
  cell.summary.answered_share = 0.5;
  REQUIRE(name_of(bottleneck_of(cell).kind) == "waiting for PostgreSQL");
}

TEST_CASE("where the generator was the bottleneck it is said, whatever else was busy") {
  auto cell = busy_cell();
  cell.summary.saturated = true;
  cell.summary.worker_cpu = 1;
  REQUIRE(name_of(bottleneck_of(cell).kind) == "the load");
  REQUIRE_THAT(bottleneck_of(cell).evidence, Catch::Contains("generator was the bottleneck"));
}

TEST_CASE("of an outside service only the load and the CPUs are known, and nothing is said of workers") {
  auto cell = busy_cell();
  cell.summary.cell.configuration.workers = 0;
  cell.summary.waterfall = {{troupe::sim::RequestStage::connect, 0}, {troupe::sim::RequestStage::wait, 900}};
  cell.summary.worker_cpu = 0;
  cell.summary.machine_cpu = 0.63;
  cell.summary.service_cpus = 1.25;
  const auto unknown_limit = bottleneck_of(cell);
  CHECK(name_of(unknown_limit.kind) == "not known");
  CHECK(unknown_limit.evidence ==
        "the service used 1.25 CPUs, the CPUs of this machine were busy 63 % of the time");
  cell.summary.service_cpus.reset();
  CHECK(bottleneck_of(cell).evidence == "the CPUs of this machine were busy 63 % of the time");
  cell.summary.machine_cpu = unknown;
  CHECK(bottleneck_of(cell).evidence == "nobody measured what the service used (--cpu-of)");
  cell.summary.machine_cpu = 0.99;
  CHECK(name_of(bottleneck_of(cell).kind) == "CPUs of the machine");
}
