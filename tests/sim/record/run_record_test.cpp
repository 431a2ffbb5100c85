#include "sim/record/run_record.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <fstream>
#include <iterator>

#include "helpers/folder.hpp"
#include "helpers/sim_sample_result.hpp"

using namespace troupe;
using namespace troupe::sim;
using namespace troupe::tests;
using namespace std::chrono_literals;

namespace {

constexpr Duration warm_up = 500ms;

RunRecordHead head() {
  return {sample_run(), {{"list", "GET", 1}}, WarmUp{warm_up}, {}, 10s, 3s};
}

/// Ten answers of 10 ms, of which one failed, and one straggler.
Interval interval_at(Duration begin, Duration end) {
  Interval out;
  out.begin = begin;
  out.end = end;
  out.users = 4;
  out.tasks.resize(1);
  auto& task = out.tasks[0];
  Histogram times, straggling;
  times.record(10ms, 9);
  task.good = {times.sparse(), times.sparse(), times.sparse()};
  task.bad = {straggling.sparse(), straggling.sparse(), straggling.sparse()};
  task.ok = 10;
  task.failed = 1;
  out.stragglers = {{0, true, std::max(begin - 50ms, Duration{}), 60ms, 60ms, 0ms}};
  out.failures = {{0, CallOutcome::status, "503", 1}};
  return out;
}

std::string content(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

/// Records so many tenths of a second.
std::string record(const Folder& folder, int tenths) {
  const auto path = folder / "run.record";
  auto writer = RunRecordWriter::create(path, head()).value();
  for (int i = 0; i < tenths; ++i) REQUIRE(writer.add(interval_at(100ms * i, 100ms * (i + 1))).has_value());
  return content(path);
}

}  // namespace

TEST_CASE("a record gives the figures of the run that it was made from") {
  const Folder folder("run_record");
  const auto bytes = record(folder, 30);
  REQUIRE(is_run_record(bytes));
  const auto result = read_run_record(bytes).value();
  RunStatistics statistics({{"list", "GET", 1}}, WarmUp{warm_up}, {}, 10s);
  for (int i = 0; i < 30; ++i) statistics.add(interval_at(100ms * i, 100ms * (i + 1)));
  RunResult live;
  statistics.finish(3s, live);
  CHECK(result.total == live.total);
  CHECK(result.tasks == live.tasks);
  CHECK(result.series == live.series);
  CHECK(result.failures == live.failures);
  CHECK(result.run.measured == live.run.measured);
  CHECK(result.run.command == sample_run().command);
  CHECK_FALSE(result.run.interrupted);
  CHECK(result.verdict.saturated == std::nullopt);  // nobody judged it
}

TEST_CASE("a run that was killed lacks its last second at most, and what is cut off is left out") {
  const Folder folder("run_record");
  const auto bytes = record(folder, 29);  // nobody finished it
  const auto result = read_run_record(bytes).value();
  CHECK(result.run.elapsed == 2s);
  CHECK(result.run.interrupted);
  CHECK(result.total.requests == 15 * 11);
  const auto torn = read_run_record(std::string_view(bytes).substr(0, bytes.size() - 5)).value();
  CHECK(torn.run.elapsed == 1s);
  // An array of 60 million elements begins, and takes no memory for those that are not there.
  const auto promising = read_run_record(bytes + "\xdd\x03\xff\xff\xff\xc0").value();
  CHECK(promising.run.elapsed == 2s);
}

TEST_CASE("an automatic warm-up is one when it is read again") {
  const Folder folder("run_record");
  auto automatic = head();
  automatic.warm_up = WarmUp{std::nullopt};
  auto writer = RunRecordWriter::create(folder / "run.record", automatic).value();
  REQUIRE(writer.add(interval_at(0ms, 1s)).has_value());
  const auto result = read_run_record(content(folder / "run.record")).value();
  CHECK(result.run.steady == false);  // somebody looked
  CHECK(result.total.requests == 11);
}

TEST_CASE("a record never takes the place of a file, and damage is told with its place") {
  const Folder folder("run_record");
  auto bytes = record(folder, 20);
  const auto again = RunRecordWriter::create(folder / "run.record", head());
  REQUIRE(again.has_error());
  CHECK_THAT(again.error().message, Catch::Contains("File exists"));
  CHECK_FALSE(is_run_record("{}"));
  bytes[bytes.size() / 2] = '\xc1';  // MessagePack has no such byte
  const auto damaged = read_run_record(bytes);
  REQUIRE(damaged.has_error());
  CHECK_THAT(damaged.error().message, Catch::Contains("at byte"));
}
