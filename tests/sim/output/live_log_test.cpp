#include "sim/output/live_log.hpp"

#include <boost/json/parse.hpp>
#include <catch2/catch.hpp>

#include <fcntl.h>
#include <sys/stat.h>

#include "helpers/folder.hpp"
#include "postgres/cluster/child_process.hpp"

using namespace std::chrono_literals;
using namespace troupe::sim;
using namespace troupe::tests;

TEST_CASE("a second is one line of JSON, there at once") {
  const Folder folder("live_log");
  const auto file = folder / "log.jsonl";
  write_content(file, log_line(SeriesPoint{}) + "of an earlier run\n");
  auto log = LiveLog::create(file.string()).value();
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

TEST_CASE("a file that is no log is left alone") {
  const Folder folder("live_log_other");
  const auto file = folder / "mine.toml";
  write_content(file, "[[task]]\n");
  CHECK_THAT(LiveLog::create(file.string()).error().message,
             Catch::Contains("mine.toml: it is there already"));
  CHECK(content_of(file) == "[[task]]\n");
}

TEST_CASE("a pipe that nobody reads is a fault at once, and so is a reader that is late") {
  const Folder folder("live_log_pipe");
  const auto pipe = (folder / "pipe").string();
  REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
  CHECK_THAT(LiveLog::create(pipe).error().message, Catch::Contains("nobody reads this pipe"));
  const troupe::postgres::FileDescriptor reader(::open(pipe.c_str(), O_RDONLY | O_NONBLOCK));
  auto log = LiveLog::create(pipe).value();
  REQUIRE(log.add(SeriesPoint{}).has_value());
  auto added = log.add(SeriesPoint{});
  for (int i = 0; i < 10'000 && added; ++i) added = log.add(SeriesPoint{});
  REQUIRE_FALSE(added.has_value());
  CHECK_THAT(added.error().message, Catch::Contains("its reader does not keep up"));
}

TEST_CASE("a log that cannot be written is a fault that names it, at the start or later") {
  CHECK_THAT(LiveLog::create("/nowhere/log").error().message, Catch::Contains("cannot write /nowhere/log"));
  auto full = LiveLog::create("/dev/full").value();
  CHECK_THAT(full.add(SeriesPoint{}).error().message, Catch::Contains("cannot write /dev/full"));
}
