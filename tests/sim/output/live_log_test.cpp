#include "sim/output/live_log.hpp"

#include <boost/json/parse.hpp>
#include <catch2/catch.hpp>

#include "helpers/folder.hpp"

using namespace std::chrono_literals;
using namespace troupe::sim;
using namespace troupe::tests;

TEST_CASE("a second is one line of JSON, there at once") {
  const Folder folder("live_log");
  const auto file = folder / "log.jsonl";
  write_content(file, "of an earlier run\n");
  auto log = LiveLog::create(file).value();
  SeriesPoint point;
  point.second = 3;
  point.requests = 12;
  point.p99 = 5ms;
  point.mean = MeanMicros(1.5);
  REQUIRE(log.add(point).has_value());
  const auto text = content_of(file);
  CHECK(text.find('\n') == text.size() - 1);
  const auto line = boost::json::parse(text);
  CHECK(line.at("second") == 3);
  CHECK(line.at("requests") == 12);
  CHECK(line.at("p99_us") == 5'000);
  CHECK(line.at("mean_us") == 1.5);
}

TEST_CASE("a log that cannot be written is a fault that names it, at the start or later") {
  CHECK_THAT(LiveLog::create("/nowhere/log").error().message, Catch::Contains("cannot write /nowhere/log"));
  auto full = LiveLog::create("/dev/full").value();
  CHECK_THAT(full.add(SeriesPoint{}).error().message, Catch::Contains("cannot write /dev/full"));
}
