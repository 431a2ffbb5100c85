#include "sim/measure/failure_samples.hpp"

#include <catch2/catch.hpp>
#include <optional>

using namespace troupe;
using namespace troupe::sim;
using namespace std::chrono_literals;

namespace {

SampledFailure sampled(std::size_t task, const std::string& message, Duration when,
                       const std::string& body = {}) {
  return {task, CallOutcome::status, message, TimePoint(when), {.status = 500, .answer_body = body}};
}

}  // namespace

TEST_CASE("one failure of each kind is wanted, and ten in all") {
  FailureSamples samples;
  CHECK(samples.wants(0, CallOutcome::status, "500"));
  samples.add(sampled(0, "500", 1s));
  CHECK_FALSE(samples.wants(0, CallOutcome::status, "500"));
  CHECK(samples.wants(1, CallOutcome::status, "500"));
  CHECK(samples.wants(0, CallOutcome::check, "500"));
  CHECK(samples.wants(0, CallOutcome::status, "501"));
  for (int i = 1; i < 10; ++i) samples.add(sampled(0, std::to_string(600 + i), 1s));
  CHECK_FALSE(samples.wants(1, CallOutcome::status, "500"));
}

TEST_CASE("of several workers' samples the earliest are kept") {
  FailureSamples one, other;
  one.add(sampled(0, "500", 3s, "later"));
  for (int i = 0; i < 9; ++i) one.add(sampled(0, std::to_string(600 + i), 10s));
  other.add(sampled(0, "500", 2s, "earlier"));
  other.add(sampled(1, "404", 1s));
  one.merge(other);
  std::vector<FailureStats> failures{{"a", "GET", "status", "500", 2},
                                     {"b", "GET", "status", "404", 1},
                                     {"b", "GET", "status", "500", 1},
                                     {"a", "GET", "status", "608", 1}};
  one.attach({"a", "b"}, failures);
  REQUIRE(failures[0].sample);
  CHECK(failures[0].sample->answer_body == "earlier");
  CHECK(failures[1].sample);
  CHECK_FALSE(failures[2].sample);
  CHECK_FALSE(failures[3].sample);  // the eleventh
}
