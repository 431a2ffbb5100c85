#include <boost/json.hpp>
#include <catch2/catch.hpp>
#include <cmath>

#include "report/struct_json.hpp"
#include "sweep/analysis/summary_fields.hpp"

using namespace troupe::sweep;
namespace report = troupe::report;
using troupe::report::tree_of;
using troupe::report::value_of;
namespace json = boost::json;

namespace {

/// There and back through both forms of file.
template <class T>
T through(const T& value, bool msgpack) {
  const auto tree = report::tree_of(value);
  const auto read = msgpack ? troupe::report::tree_from_msgpack(troupe::report::msgpack_bytes(tree))
                            : troupe::report::tree_from_json(troupe::report::json_text(tree));
  REQUIRE(read.has_value());
  auto back = report::value_of<T>(*read);
  INFO((back ? "" : back.error().message));
  REQUIRE(back.has_value());
  return *back;
}

}  // namespace

TEST_CASE("a sweep's plan comes back with its axes, also empty ones") {
  SweepInfo info;
  info.axes = {{"database.pool_size", {"1", "2"}}, {"users", {}}};
  info.constraints = {"pool_size <= 2 * workers"};
  info.goal = "rate while p99 < 20ms";
  info.test_bed.settings = {{"database.batching", "off"}};
  info.test_bed.host.cpus = 2;
  const auto back = through(info, GENERATE(false, true));
  CHECK(back.axes == info.axes);
  CHECK(back.constraints == info.constraints);
  CHECK(back.goal == info.goal);
  CHECK(back.test_bed.settings == info.test_bed.settings);
  CHECK(back.test_bed.host == info.test_bed.host);
}

TEST_CASE("an outside service comes back, also of a file that knows less of it") {
  SweepInfo info;
  info.service.emplace();
  info.service->headers = {"X-Run: 7", "X-Api-Key: ***"};
  info.service->bearer_env = "MY_TOKEN";
  info.service->command_output = 4096;
  const auto back = through(info, GENERATE(false, true));
  CHECK(back.service->headers == info.service->headers);
  CHECK(back.service->bearer_env == info.service->bearer_env);
  CHECK(back.service->command_output == info.service->command_output);
  auto older = tree_of(info);
  for (const auto* key : {"headers", "bearer_env", "command_output_bytes"})
    older.at("service").as_object().erase(key);
  CHECK_FALSE(value_of<SweepInfo>(older).value().service->headers);
}

TEST_CASE("a repeat comes back with its cell, unknown figures and waterfall") {
  Repeat repeat;
  repeat.cell = {{"mixed", "http"}, {"actors", {{"database.pool_size", "4"}}, 2, 4}, {64, 0}};
  repeat.seed = UINT64_MAX;
  repeat.measured = troupe::sim::Seconds(2.5);
  repeat.p99 = troupe::sim::Micros::max();
  repeat.waterfall = {
      {troupe::sim::RequestStage::sql, troupe::sim::MeanMicros(812.5), troupe::sim::Micros(3000)}};
  const auto back = through(repeat, GENERATE(false, true));
  CHECK(back.cell == repeat.cell);
  CHECK(back.seed == repeat.seed);
  CHECK(back.measured == repeat.measured);
  CHECK(back.p99 == repeat.p99);
  CHECK(std::isnan(back.cpu.machine));
  CHECK(back.waterfall == repeat.waterfall);
}

TEST_CASE("a summary comes back with and without what is optional") {
  Summary summary;
  summary.cells.resize(1);
  summary.curves.resize(2);
  summary.curves[0].cells = {0};
  summary.curves[0].usl.emplace().sigma = {0.1, 0.05, unknown};
  summary.curves[0].knee = 12;
  summary.recommendations.resize(1);
  summary.recommendations[0].best.emplace().model = "actors";
  const auto back = through(summary, GENERATE(false, true));
  REQUIRE(back.curves.size() == 2);
  CHECK(back.curves[0].usl->sigma.low == 0.05);
  CHECK(std::isnan(back.curves[0].usl->sigma.high));
  CHECK(back.curves[0].knee == 12.0);
  CHECK_FALSE(back.curves[1].usl);
  CHECK_FALSE(back.curves[1].knee);
  REQUIRE(back.recommendations.size() == 1);
  CHECK(back.recommendations[0].best->model == "actors");
  CHECK_FALSE(back.recommendations[0].cheapest);
}

TEST_CASE("a fault is told with its place") {
  struct Case {
    std::string pointer;
    json::value value;
    std::string message;
  };
  const auto changed = GENERATE(values<Case>({
      {"/axes/users", 5, "axes.users: must be a list"},
      {"/axes/users/0", 5, "axes.users[0]: must be a text"},
      {"/axes", json::array{}, "axes: must be a map"},
      {"/seed", nullptr, "seed: must be a whole number from 0 up"},
      {"/duration_s", "x", "duration_s: must be a number"},
  }));
  SweepInfo info;
  info.axes = {{"users", {"1"}}};
  json::value tree = report::tree_of(info);
  tree.at_pointer(changed.pointer) = changed.value;
  const auto read = report::value_of<SweepInfo>(tree);
  REQUIRE(read.has_error());
  CHECK(read.error().message == changed.message);
}

TEST_CASE("a time beyond what a computer counts is refused") {
  json::value tree = report::tree_of(Repeat{});
  tree.at_pointer("/p99_us") = UINT64_MAX;
  const auto read = report::value_of<Repeat>(tree);
  REQUIRE(read.has_error());
  CHECK(read.error().message == "p99_us: is too large");
}
