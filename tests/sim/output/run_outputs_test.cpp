#include <sys/stat.h>
#include <unistd.h>
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>
#include <vector>

#include "helpers/file_size_limit.hpp"
#include "helpers/folder.hpp"
#include "helpers/sim_sample_result.hpp"
#include "sim/output/csv.hpp"
#include "sim/output/run_text.hpp"
#include "sim/result/results_io.hpp"
#include "support/atomic_file.hpp"
#include "support/parse.hpp"
#include "support/text_width.hpp"
#include "support/units.hpp"

using namespace std::chrono_literals;
using namespace troupe::sim;
using troupe::describe_duration;
using troupe::tests::content_of;
using troupe::tests::FileSizeLimit;
using troupe::tests::Folder;
namespace fs = std::filesystem;

namespace {

std::size_t files_in(const Folder& folder) {
  return static_cast<std::size_t>(
      std::distance(fs::directory_iterator(folder.path()), fs::directory_iterator()));
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> out;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) out.push_back(line);
  return out;
}

}  // namespace

TEST_CASE("the CSV files have the columns of Locust 2.12") {
  const auto csv = locust_csv(sample_result());
  CHECK_THAT(
      csv.stats,
      Catch::StartsWith("Type,Name,Request Count,Failure Count,Median Response Time,Average Response Time,"
                        "Min Response Time,Max Response Time,Average Content Size,Requests/s,Failures/s,"
                        "50%,66%,75%,80%,90%,95%,98%,99%,99.9%,99.99%,100%\r\n"));
  CHECK_THAT(csv.stats_history,
             Catch::StartsWith(
                 "Timestamp,User Count,Type,Name,Requests/s,Failures/s,50%,66%,75%,80%,90%,95%,98%,99%,"
                 "99.9%,99.99%,100%,Total Request Count,Total Failure Count,Total Median Response Time,"
                 "Total Average Response Time,Total Min Response Time,Total Max Response Time,"
                 "Total Average Content Size\r\n"));
  CHECK_THAT(csv.failures, Catch::StartsWith("Method,Name,Error,Occurrences\r\n"));
}

TEST_CASE("the CSV rows are sorted by name and end with the total; what did nothing has no percentiles") {
  const auto csv = locust_csv(sample_result());
  const auto stats = lines_of(csv.stats);
  REQUIRE(stats.size() == 4);
  CHECK(stats[1] == "POST,create,0,0,0,0,0,0,0,0,0,N/A,N/A,N/A,N/A,N/A,N/A,N/A,N/A,N/A,N/A,N/A\r");
  CHECK_THAT(stats[2], Catch::StartsWith(
                           "GET,\"list, all\",1000,3,0.007,25.029,0.007,100,50,48.75,0.125,0.007,32.015,"));
  CHECK_THAT(stats[2], Catch::EndsWith(",100\r"));
  CHECK_THAT(stats[3], Catch::StartsWith(",Aggregated,1000,3,"));
  const auto history = lines_of(csv.stats_history);
  REQUIRE(history.size() == 3);
  CHECK_THAT(history[1], Catch::StartsWith("1700000001,0,,Aggregated,0.000000,0.000000,N/A,"));
  CHECK_THAT(history[2], Catch::StartsWith("1700000004,200,,Aggregated,50.000000,5.000000,50.015,"));
  CHECK_THAT(history[2], Catch::EndsWith(",100,1000,6,50.015,50.05,0.1,100,50\r"));
  CHECK(lines_of(csv.failures)[1] == "GET,\"list, all\",\"status: 503 \"\"busy\"\"\",3\r");
}

TEST_CASE("the CSV files are written under their prefix") {
  const Folder folder("outputs_test");
  REQUIRE(write_locust_csv(sample_result(), folder / "run").has_value());
  const auto csv = locust_csv(sample_result());
  CHECK(content_of(folder / "run_stats.csv") == csv.stats);
  CHECK(content_of(folder / "run_stats_history.csv") == csv.stats_history);
  CHECK(content_of(folder / "run_failures.csv") == csv.failures);
}

TEST_CASE("the summary shows what a run found") {
  const auto text = text_summary(sample_result());
  const auto line =
      GENERATE(as<std::string>{}, "99.9%", "Aggregated", "1000  3 (0.30%)",
               "1 timed out, 2 started late, 4 dropped", "499/500 requests succeeded", "status: 503 \"busy\"",
               "THE LOAD GENERATOR WAS THE BOTTLENECK", "lag p99 is 12 ms", "CPU per worker: 99% 50%",
               "the users themselves: 40%", "No steady state", "was interrupted",
               "= 1.96 requests under way, 1.50 were seen", "Mix (wanted): list, all 100.0 % (75.0 %)",
               "parse", "FAILED  fail if p99 > 50ms", "passed  fail if rate < 10");
  CHECK_THAT(text, Catch::Contains(line));
}

TEST_CASE("the summary shows another server's stages from outside, and how many requests connected") {
  auto result = sample_result();
  result.waterfall = {{RequestStage::connect, MeanMicros(2), 0us, 64},
                      {RequestStage::tls, MeanMicros(9), 0us, 64},
                      {RequestStage::wait, MeanMicros(700), 900us, 1000},
                      {RequestStage::transfer, MeanMicros(0), 0us, 0}};
  const auto text = text_summary(result);
  CHECK_THAT(text, !Catch::Contains("Inside the server"));
  CHECK_THAT(text, Catch::Contains("Seen from outside") &&
                       Catch::Contains("64 of the requests opened a connection"));
}

TEST_CASE("the summary leaves out what a run did not have") {
  auto result = sample_result();
  result.verdict = {};
  result.verdict.saturated = false;
  result.waterfall.clear();
  result.thresholds.clear();
  result.phases.clear();
  result.failures.clear();
  result.run.steady = true;
  result.run.interrupted = false;
  const auto text = text_summary(result);
  CHECK_THAT(text, Catch::Contains("The load generator kept up."));
  const auto absent = GENERATE(as<std::string>{}, "BOTTLENECK", "Inside the server", "Seen from", "fail if",
                               "Phase", "Failure", "steady", "Little", "CPU", "Nobody judged");
  CHECK_THAT(text, !Catch::Contains(absent));
  result.verdict.saturated.reset();
  CHECK_THAT(text_summary(result), Catch::Contains("Nobody judged"));
}

TEST_CASE("a deviation from Little's law that chance explains says so in its line") {
  auto result = sample_result();
  const auto [standard_error, end] = GENERATE(table<double, std::string>({
      {0.1, "2.00 requests under way, 2.50 were seen (-20.0 %, within chance)\n"},
      {0, "2.00 requests under way, 2.50 were seen (-20.0 %, too few looks to judge)\n"},
      {0.001, "2.00 requests under way, 2.50 were seen (-20.0 %)\n"},
  }));
  result.verdict.littles_law = littles_law(2.5, 100, std::chrono::milliseconds(20), standard_error);
  CHECK_THAT(text_summary(result), Catch::Contains(end));
}

TEST_CASE("what was not answered is said to grow only where it does") {
  auto result = sample_result();
  const auto [growth, end] = GENERATE(table<double, std::string>({
      {7.5, "12 were not answered, growing by 7.5/s\n"},
      {0.04, "12 were not answered\n"},
      {-0.3, "12 were not answered\n"},
  }));
  result.verdict.open_load = OpenLoad{100, 98, 12, growth};
  CHECK_THAT(text_summary(result), Catch::Contains(end));
}

TEST_CASE("the columns of the summary's table stand below each other and fit a terminal") {
  const auto lines = lines_of(text_summary(sample_result()));
  const auto reqs = lines[1].find("# reqs") + 6;
  CHECK(lines[3].substr(reqs - 4, 4) == "1000");
  CHECK(lines[4].substr(reqs - 1, 1) == "0");
  for (const auto& line : lines) CHECK(troupe::text_width(line) <= 120);
}

TEST_CASE("durations are written for people with three digits") {
  const auto [us, text] = GENERATE(table<double, std::string>({{0, "0"},
                                                               {3, "3 µs"},
                                                               {3.5, "3.50 µs"},
                                                               {812, "812 µs"},
                                                               {1'234, "1.23 ms"},
                                                               {9'996, "10.0 ms"},
                                                               {99'960, "100 ms"},
                                                               {999'600, "1.00 s"},
                                                               {12'345'678, "12.3 s"},
                                                               {3.6e9, "3600 s"}}));
  REQUIRE(describe_duration(MeanMicros(us)) == text);
}

TEST_CASE("a file is replaced whole") {
  const Folder folder("outputs_test");
  REQUIRE(troupe::write_file(folder / "a", "old").has_value());
  REQUIRE(troupe::write_file(folder / "a", "new").has_value());
  CHECK(content_of(folder / "a") == "new");
  CHECK(files_in(folder) == 1);
}

TEST_CASE("a full disk leaves the old file and nothing else") {
  const Folder folder("outputs_test");
  REQUIRE(troupe::write_file(folder / "a", "old").has_value());
  const auto written = [&] {
    const FileSizeLimit limit(1'000);
    return troupe::write_file(folder / "a", std::string(5'000, 'x'));
  }();
  REQUIRE(written.has_error());
  CHECK(written.error().code == troupe::ErrorCode::io);
  CHECK_THAT(written.error().message, Catch::Contains("cannot write"));
  CHECK(content_of(folder / "a") == "old");
  CHECK(files_in(folder) == 1);
}

TEST_CASE("a full device is noticed, and a device is never replaced by a file") {
  const auto written = troupe::write_file("/dev/full", "x");
  REQUIRE(written.has_error());
  CHECK_THAT(written.error().message, Catch::Contains("/dev/full: No space left on device"));
  REQUIRE(troupe::write_file("/dev/null", "x").has_value());
  CHECK(fs::is_character_file("/dev/null"));
}

TEST_CASE("a symbolic link stays one, and its target is written") {
  const Folder folder("outputs_test");
  REQUIRE(troupe::write_file(folder / "target", "old").has_value());
  fs::create_symlink(folder / "target", folder / "link");
  REQUIRE(troupe::write_file(folder / "link", "new").has_value());
  CHECK(fs::is_symlink(folder / "link"));
  CHECK(content_of(folder / "target") == "new");
}

TEST_CASE("a place that cannot be written to is named") {
  const Folder folder("outputs_test");
  CHECK_THAT(troupe::write_file(folder / "no/such", "x").error().message,
             Catch::Contains("no/such: No such file or directory"));
  CHECK_THAT(troupe::write_file(folder / "", "x").error().message, Catch::Contains("Is a directory"));
}

TEST_CASE("a point of the history stands at its end, however many seconds it covers") {
  auto result = sample_result();
  result.run.started_at_unix_s = 1'000;
  result.series[1].second = 30;
  result.series[1].seconds = 30;
  CHECK_THAT(locust_csv(result).stats_history, Catch::Contains("\n1001,") && Catch::Contains("\n1060,"));
}

TEST_CASE("a figure in the middle between two is rounded in the same way once it was read from a file") {
  auto result = sample_result();
  REQUIRE(result.verdict.littles_law);
  for (int looks = 1; looks < 2'000; ++looks) {
    result.verdict.littles_law->busy = looks / 200.0;
    CHECK(text_summary(read_json(write_json(result)).value()) == text_summary(result));
  }
}
