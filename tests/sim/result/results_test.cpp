#include <boost/json.hpp>
#include <catch2/catch.hpp>
#include <chrono>
#include <string>

#include "helpers/sim_sample_result.hpp"
#include "sim/result/results.hpp"
#include "sim/result/results_io.hpp"

using namespace std::chrono_literals;
using namespace troupe::sim;
using troupe::Histogram;
namespace json = boost::json;

TEST_CASE("a result comes back unchanged from JSON and from MessagePack") {
  const auto result = sample_result();
  const auto from_json = read_result(write_json(result));
  REQUIRE(from_json.has_value());
  CHECK(*from_json == result);
  const auto from_msgpack = read_result(write_msgpack(result));
  REQUIRE(from_msgpack.has_value());
  CHECK(*from_msgpack == result);
}

TEST_CASE("an empty result comes back unchanged too") {
  const RunResult result;
  CHECK(read_json(write_json(result)).value() == result);
  CHECK(read_msgpack(write_msgpack(result)).value() == result);
}

TEST_CASE("the schema's name and version stand first, and times bear their unit") {
  const auto text = write_json(sample_result());
  CHECK_THAT(text, Catch::StartsWith(R"({"schema":"troupe.run","version":2,)"));
  const auto tree = json::parse(text);
  CHECK(tree.at_pointer("/total/good/response/p99_us").to_number<int>() > 0);
  CHECK(tree.at_pointer("/run/workload/mean_think_s").to_number<double>() == 2);
  CHECK(tree.at_pointer("/run/settings/database.pool_size") == "4");
}

TEST_CASE("the stored cells hold gaps of indices and counts") {
  auto result = sample_result();
  Histogram histogram;
  histogram.record(10us, 3);
  histogram.record(12us);
  result.total.good.response = latency_stats(histogram);
  const auto tree = json::parse(write_json(result));
  CHECK(tree.at_pointer("/total/good/response/histogram/cells") == json::array{10, 3, 2, 1});
}

TEST_CASE("a number that JSON cannot write becomes null and comes back as no number") {
  auto result = sample_result();
  result.thresholds[0].value = std::numeric_limits<double>::infinity();
  CHECK(json::parse(write_json(result)).at_pointer("/thresholds/0/value").is_null());
  CHECK(std::isnan(read_json(write_json(result))->thresholds[0].value));
}

TEST_CASE("a changed file is refused with the place and the fault") {
  struct Case {
    std::string pointer;
    json::value value;
    std::string message;
  };
  const auto changed = GENERATE(values<Case>({
      {"/schema", "other", "its schema is not 'troupe.run'"},
      {"/version", 3, "it has schema version 3, this program reads version 2"},
      {"/version", "1", "it has schema version \"1\""},
      {"/tasks", 5, "tasks: must be a list"},
      {"/tasks/1/name", 5, "tasks[1].name: must be a text"},
      {"/tasks/0/requests", -1, "tasks[0].requests: must be a whole number from 0 up"},
      {"/tasks/0/requests", 1.5, "tasks[0].requests: must be a whole number from 0 up"},
      {"/tasks/0/rate_per_s", "x", "tasks[0].rate_per_s: must be a number"},
      {"/total/good/response/p99_us", -1, "total.good.response.p99_us: must be a whole number from 0 up"},
      {"/total/good/response/p99_us", UINT64_MAX, "total.good.response.p99_us: is too large"},
      {"/total/good/response/histogram/cells", json::array{1}, "must hold pairs"},
      {"/total/good/response/histogram/cells", json::array{99'999, 1}, "leaves the range"},
      {"/total/good/response/histogram/cells", json::array{23'551, 1, 1, 1}, "out of range"},
      {"/total/good/response/histogram/cells", json::array{5, 0}, "is empty"},
      {"/total", json::array{}, "total: must be a map"},
      {"/run/interrupted", 1, "run.interrupted: must be true or false"},
      {"/run/versions", json::array{}, "run.versions: must be a map"},
      {"/run/versions", json::object{{"a", 1}}, "run.versions.a: must be a text"},
      {"/verdict/littles_law", 1, "verdict.littles_law: must be a map"},
  }));
  CAPTURE(changed.pointer);
  auto tree = json::parse(write_json(sample_result()));
  tree.at_pointer(changed.pointer) = changed.value;
  const auto read = read_json(json::serialize(tree));
  REQUIRE(read.has_error());
  CHECK_THAT(read.error().message, Catch::Contains(changed.message));
  CHECK(read.error().message.find('\n') == std::string::npos);
}

TEST_CASE("a missing field is named") {
  auto tree = json::parse(write_json(sample_result()));
  tree.at_pointer("/run/host").as_object().erase("kernel");
  CHECK_THAT(read_json(json::serialize(tree)).error().message,
             Catch::Contains("run.host.kernel: is missing"));
}

TEST_CASE("what is no result file is refused") {
  const std::string text =
      GENERATE(as<std::string>{}, "", " ", "{", "{}", "[]", "hello", "{\"schema\":1}", "\xc1",
               std::string(100'000, '['), std::string(100'000, '\x91'), "\xdd\xff\xff\xff\xff",
               "\xdf\xff\xff\xff\xff", "\x81\x01\x02", "\xc4\x01x", "{\"schema\":\"troupe.run\"}");
  const auto read = read_result(text);
  REQUIRE(read.has_error());
  CHECK_THAT(read.error().message, Catch::StartsWith("not a result file of troupe"));
  CHECK(read.error().message.find('\n') == std::string::npos);
}

TEST_CASE("a file cut off anywhere is refused, and so is one that goes on") {
  const auto whole = write_msgpack(sample_result());
  for (std::size_t length = 0; length < whole.size(); length += 7)
    REQUIRE(read_result(whole.substr(0, length)).has_error());
  REQUIRE(read_result(whole + "x").has_error());
}

TEST_CASE("Little's law gives the requests under way that rate and service time explain") {
  const auto law = littles_law(1, 50, 20ms, 0.01);
  CHECK(law.expected_busy == Approx(1));
  CHECK(law.deviation == Approx(0).margin(1e-12));
  CHECK(littles_law(2, 50, 20ms, 0.01).deviation == Approx(-0.5));
  CHECK(littles_law(0, 50, 20ms, 0).deviation == 0);
}

TEST_CASE(
    "Little's law is broken beyond five per cent and three standard errors, and never when nobody can tell") {
  using Says = LittlesLaw::Says;
  CHECK(littles_law(1, 52, 20ms, 0.001).says() == Says::holds);
  CHECK(littles_law(1, 56, 20ms, 0.001).says() == Says::broken);
  CHECK(littles_law(1, 56, 20ms, 0.05).says() == Says::within_chance);
  CHECK(littles_law(1, 100, 20ms, 0).says() == Says::too_few_looks);
}

TEST_CASE("stages of the waterfall have names in files, and no other name is taken for one") {
  const auto text = write_json(sample_result());
  CHECK_THAT(text, Catch::Contains(R"("waterfall":[{"name":"parse","mean_us":)"));
  auto other = text;
  other.replace(other.find(R"("name":"parse")"), 14, R"("name":"brew")");
  CHECK_THAT(read_result(other).error().message,
             Catch::Contains("waterfall[0].name: must be one of parse, mailbox, pool, sql, serialize"));
}
