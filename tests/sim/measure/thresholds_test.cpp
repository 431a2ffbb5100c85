#include <catch2/catch.hpp>
#include <chrono>
#include <string>

#include "sim/measure/thresholds.hpp"

using namespace std::chrono_literals;
using namespace troupe::sim;
using troupe::Histogram;

namespace {

/// 1000 requests of 1 to 1000 ms, of which 2 failed, at 500 per second.
TaskStats stats(std::string name) {
  Histogram response;
  for (int i = 1; i <= 1000; ++i) response.record(std::chrono::milliseconds(i));
  TaskStats out;
  out.name = std::move(name);
  out.requests = 1'000;
  out.failed = 2;
  out.rate_per_s = 500;
  out.good.response = latency_stats(response);
  return out;
}

}  // namespace

TEST_CASE("a threshold fails exactly when its condition holds") {
  const auto [text, failed] = GENERATE(table<std::string, bool>({
      {"p50 > 499ms", true},         {"p50 > 501ms", false},       {"p99.9>=999ms", true},
      {"p99.9 < 998ms", false},      {"p100 > 999ms", true},       {"p12.5 > 100ms", true},
      {"max >= 1s", true},           {"max > 1s", false},          {"mean <= 500.5ms", true},
      {"mean < 500ms", false},       {"error_rate > 0.1%", true},  {"error_rate > 0.2%", false},
      {"error_rate >= 0.002", true}, {"  rate   <   1000 ", true}, {"rate < 500", false},
      {"rate <= 500", true},         {"failures > 1", true},       {"failures > 2", false},
      {"get.p99.9 > 900ms", true},   {"get.p99 > 2s", false},      {"GET /v1.0/x.p99.9 > 900ms", true},
      {"absent.rate < 1", false},    {"absent.p99 < 1s", false},   {"absent.p99 > 1s", false},
  }));
  CAPTURE(text);
  const std::vector<TaskStats> tasks{stats("get"), stats("GET /v1.0/x")};
  const auto threshold = parse_threshold(text);
  REQUIRE(threshold.has_value());
  REQUIRE(evaluate(*threshold, tasks, stats("Aggregated")).failed == failed);
}

TEST_CASE("the outcome tells the measured value") {
  const auto outcome = evaluate(parse_threshold("error_rate > 1%").value(), {}, stats("Aggregated"));
  REQUIRE(outcome.text == "error_rate > 1%");
  REQUIRE(outcome.value == Approx(0.002));
}

TEST_CASE("a threshold that cannot be read is refused with the reason and an example") {
  const auto [text, reason] = GENERATE(table<std::string, std::string>({
      {"", "no <"},
      {"p99 50ms", "no <"},
      {"p99 == 50ms", "no <"},
      {"p101 > 50ms", "'p101' is not a metric"},
      {"px > 50ms", "'px' is not a metric"},
      {"latency > 50ms", "'latency' is not a metric"},
      {".p99 > 50ms", "'.p99' is not a metric"},
      {"p99 > 50", "unit is missing"},
      {"p99 > ms", "no number"},
      {"p99 > -5ms", "no number"},
      {"p99 => 5ms", "not a metric"},
      {"rate < x", "not a number"},
      {"rate < 5%", "only goes with error_rate and checks"},
      {"after 30s p99 > 5ms", "'after 30s p99' is not a metric"},
      {"after 30: p99 > 5ms", "unit is missing"},
      {"after 0s: p99 > 5ms", "whole tenths of a second"},
      {"after 250ms: p99 > 5ms", "whole tenths of a second"},
      {"checks < 101%", "more than all"},
      {"rate < -5", "negative"},
      {"error_rate > 5", "more than all"},
      {"error_rate > 200%", "more than all"},
      {"failures >", "not a number"},
  }));
  CAPTURE(text);
  const auto threshold = parse_threshold(text);
  REQUIRE(threshold.has_error());
  CHECK_THAT(threshold.error().message, Catch::Contains(reason));
  CHECK_THAT(threshold.error().message, Catch::Contains("p99 > 50ms"));
  CHECK(threshold.error().message.find('\n') == std::string::npos);
}

TEST_CASE("a threshold may only name a task that the scenario has") {
  const std::vector<std::string> names{"get", "list"};
  REQUIRE(check_task(parse_threshold("get.p99 > 1s").value(), names).has_value());
  REQUIRE(check_task(parse_threshold("p99 > 1s").value(), names).has_value());
  const auto unknown = check_task(parse_threshold("put.p99 > 1s").value(), names);
  REQUIRE(unknown.has_error());
  REQUIRE_THAT(unknown.error().message, Catch::Contains("no task 'put' (it has: get, list)"));
}

TEST_CASE("checks is the share of the answers that were as demanded; what got no answer is no part of it") {
  auto total = stats("Aggregated");  // 1,000 requests
  total.failed = 30;
  total.wrong = 10;  // and 20 got no answer
  const auto [text, failed] = GENERATE(table<std::string, bool>({{"checks < 99%", true},
                                                                 {"checks < 98.9%", false},
                                                                 {"checks <= 0.98", false},
                                                                 {"checks >= 0.98", true}}));
  CAPTURE(text);
  const auto outcome = evaluate(parse_threshold(text).value(), {}, total);
  CHECK(outcome.failed == failed);
  CHECK(outcome.value == Approx(970.0 / 980));
}

TEST_CASE("checks are not measured where no answer came, and in results that do not tell") {
  auto total = stats("Aggregated");
  CHECK_FALSE(evaluate(parse_threshold("checks < 99%").value(), {}, total).measured);
  total.wrong = 0;
  total.failed = total.requests;
  CHECK_FALSE(evaluate(parse_threshold("checks < 99%").value(), {}, total).measured);
}

TEST_CASE("times of good answers are not measured where there are only the ages of what was never answered") {
  auto total = stats("Aggregated");
  total.requests = total.failed = 0;
  total.unfinished = 1'000;  // its histogram holds their ages
  CHECK_FALSE(evaluate(parse_threshold("p99 > 2s").value(), {}, total).measured);
  total.drained = 1;
  CHECK(evaluate(parse_threshold("p99 > 2s").value(), {}, total).measured);
  total.drained_wrong = 1;
  CHECK_FALSE(evaluate(parse_threshold("p99 > 2s").value(), {}, total).measured);
}

TEST_CASE("a condition may hold for what was measured after some time only") {
  const auto [text, after] = GENERATE(table<std::string, troupe::Duration>({{"after 30s: p99 > 50ms", 30s},
                                                                            {" after 1m : get.rate<1", 60s},
                                                                            {"after 100ms:max > 1s", 100ms},
                                                                            {"p99 > 50ms", 0s}}));
  const auto threshold = parse_threshold(text);
  REQUIRE(threshold.has_value());
  CHECK(threshold->after == after);
}
