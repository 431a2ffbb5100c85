#include <algorithm>
#include <boost/json.hpp>
#include <catch2/catch.hpp>
#include <cstdlib>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "helpers/folder.hpp"
#include "helpers/sweep_recorded.hpp"
#include "report/struct_json.hpp"
#include "sweep/analysis/summary_fields.hpp"
#include "sweep/output/sweep_outputs.hpp"

using namespace troupe::sweep;
using namespace troupe::tests;
namespace json = boost::json;

namespace {

Sweep sample_sweep() {
  return {sample_sweep_info(), {sample_repeat(0), sample_repeat(1)}};
}

/// With something in every list and optional, so that every key appears.
Summary sample_summary() {
  Summary summary;
  summary.cells.resize(1);
  summary.cells[0].cell = sample_repeat().cell;
  summary.cells[0].rate_per_s = {4000, 3900, unknown};
  summary.cells[0].waterfall = {{troupe::sim::RequestStage::sql, 800}};
  summary.curves.resize(1);
  summary.curves[0].usl.emplace();
  summary.recommendations.resize(1);
  summary.recommendations[0].best = summary.recommendations[0].cheapest = summary.cells[0].cell.configuration;
  return summary;
}

/// Splits a CSV text without quoted fields.
std::vector<std::vector<std::string>> table(const std::string& csv) {
  std::vector<std::vector<std::string>> rows(1);
  std::string field;
  for (const char c : csv) {
    if (c == ',' || c == '\n') rows.back().push_back(std::exchange(field, ""));
    if (c == '\n') rows.emplace_back();
    if (c != ',' && c != '\n' && c != '\r') field += c;
  }
  rows.pop_back();
  return rows;
}

std::string value_in(const std::string& csv, std::size_t row, const std::string& column) {
  const auto rows = table(csv);
  const auto& names = rows.at(0);
  const auto at = std::find(names.begin(), names.end(), column);
  INFO(column);
  REQUIRE(at != names.end());
  return rows.at(row + 1).at(static_cast<std::size_t>(at - names.begin()));
}

/// What docs/reference/results.md says of a sweep's directory.
std::string documentation() {
  const auto page = content_of(std::string(TROUPE_SOURCE_DIR) + "/docs/reference/results.md");
  const auto begin = page.find("# A sweep's directory");
  REQUIRE(begin != std::string::npos);
  return page.substr(begin, page.find("\n# ", begin + 1) - begin);
}

/// All keys in a tree but those of maps whose keys are data.
void collect_keys(const json::value& tree, std::set<std::string>& keys) {
  static const std::set<std::string_view> with_data{"settings", "versions", "postgresql_settings", "axes"};
  if (const auto* list = tree.if_array())
    for (const auto& element : *list) collect_keys(element, keys);
  if (const auto* object = tree.if_object()) {
    for (const auto& [key, value] : *object) {
      keys.emplace(key);
      if (with_data.count(key) == 0) collect_keys(value, keys);
    }
  }
}

}  // namespace

TEST_CASE("the CSV has a row per repeat and the same number of fields in each") {
  const auto rows = table(results_csv(sample_sweep()));
  REQUIRE(rows.size() == 3);
  for (const auto& row : rows) CHECK(row.size() == rows[0].size());
  CHECK(std::set<std::string>(rows[0].begin(), rows[0].end()).size() == rows[0].size());
}

TEST_CASE("the CSV holds what was swept, measured and spent where") {
  const auto csv = results_csv(sample_sweep());
  struct Case {
    std::string column, text;
  };
  const auto c = GENERATE(values<Case>({{"scenario", "mixed"},
                                        {"transport", "http"},
                                        {"model", "actors"},
                                        {"database.batching", "coalesce"},
                                        {"database.pool_size", "4"},
                                        {"users", "64"},
                                        {"arrival_rate_per_s", "0"},
                                        {"workers", "2"},
                                        {"connections", "4"},
                                        {"round", "1"},
                                        {"sequence", "1"},
                                        {"seed", "18446744073709551614"},
                                        {"started_at", "2026-01-31T12:00:00Z"},
                                        {"measured_s", "2.5"},
                                        {"requests", "10001"},
                                        {"rate_per_s", "3998.8"},
                                        {"mean_us", "1234.5"},
                                        {"p99_us", "5000"},
                                        {"saturated", "false"},
                                        {"pool_mean_us", "20.5"},
                                        {"sql_p99_us", "1700"},
                                        {"parse_mean_us", ""},
                                        {"parse_p99_us", ""}}));
  CHECK(value_in(csv, 1, c.column) == c.text);
}

TEST_CASE("a setting that some cells do not have, and a figure that is not known, are empty") {
  auto sweep = sample_sweep();
  sweep.repeats[1].cell.configuration.settings = {{"workers.count", "1"}};
  sweep.repeats[1].cpu.machine = unknown;
  const auto csv = results_csv(sweep);
  CHECK(value_in(csv, 0, "workers.count").empty());
  CHECK(value_in(csv, 1, "workers.count") == "1");
  CHECK(value_in(csv, 1, "database.pool_size").empty());
  CHECK(value_in(csv, 0, "machine_cpu") == "0.875");
  CHECK(value_in(csv, 1, "machine_cpu").empty());
}

TEST_CASE("the CSV of a sweep that has not run yet has the columns of its plan") {
  const auto rows = table(results_csv({sample_sweep_info(), {}}));
  REQUIRE(rows.size() == 1);
  CHECK(std::count(rows[0].begin(), rows[0].end(), "database.pool_size") == 1);
  CHECK(std::count(rows[0].begin(), rows[0].end(), "users") == 1);
}

TEST_CASE("a text with commas, quotes and line ends is quoted") {
  auto sweep = sample_sweep();
  sweep.repeats[0].cell.workload.scenario = "a,\"b\"\nc";
  CHECK_THAT(results_csv(sweep), Catch::Contains("\r\n\"a,\"\"b\"\"\nc\",http,"));
}

TEST_CASE("the JSON files say what they are, and hold null for what is not known") {
  const auto summary = json::parse(summary_json(sample_summary()));
  CHECK(summary.at("schema") == "troupe.sweep.summary");
  CHECK(summary.at("version") == 2);
  CHECK(summary.at_pointer("/cells/0/rate_per_s/median") == 4000.0);
  CHECK(summary.at_pointer("/cells/0/rate_per_s/high").is_null());
  const auto environment = json::parse(environment_json(sample_sweep_info()));
  CHECK(environment.at("schema") == "troupe.sweep.environment");
  CHECK(environment.at("version") == 1);
  CHECK(environment.at("seed") == 42);
  CHECK(environment.at_pointer("/versions/postgresql") == "15.14");
  CHECK(environment.at_pointer("/postgresql_settings/fsync") == "on");
  CHECK(environment.at_pointer("/host/cpus") == 2);
}

TEST_CASE("Python's csv and json modules read the files as they are") {
  const Folder folder("sweep_outputs");
  auto sweep = sample_sweep();
  sweep.repeats[1].cell.workload.scenario = "a, \"b\"";
  REQUIRE(write_outputs(folder.path(), sweep, sample_summary()).has_value());
  write_content(folder / "check.py", R"(
import csv, json, os, sys
os.chdir(sys.argv[1])
rows = list(csv.DictReader(open("results.csv", newline="")))
assert len(rows) == 2 and None not in rows[0] and None not in rows[0].values()
assert rows[1]["scenario"] == 'a, "b"'
texts = {"scenario", "transport", "model", "started_at", "saturated", "disturbed", "failure", "database.batching"}
for row in rows:
    for name, value in row.items():
        if name not in texts and value: float(value)
assert json.load(open("summary.json"))["cells"][0]["rate_per_s"]["high"] is None
assert json.load(open("environment.json"))["seed"] == 42
)");
  const auto command = "python3 " + (folder / "check.py").string() + " " + folder.path().string();
  CHECK(std::system(command.c_str()) == 0);
}

TEST_CASE("an output that cannot be written is told") {
  const Folder folder("sweep_outputs");
  const auto written = write_outputs(folder / "absent", sample_sweep(), sample_summary());
  REQUIRE(written.has_error());
  CHECK_THAT(written.error().message,
             Catch::StartsWith("cannot write " + (folder / "absent" / "results.csv").string()));
}

TEST_CASE("docs/reference/results.md names every column and every field of a sweep's files") {
  const auto columns = table(results_csv({})).at(0);
  std::set<std::string> names(columns.begin(), columns.end());
  collect_keys(troupe::report::tree_of(sample_repeat()), names);
  collect_keys(troupe::report::tree_of(sample_sweep_info()), names);
  collect_keys(json::parse(summary_json(sample_summary())), names);
  collect_keys(json::parse(environment_json(sample_sweep_info())), names);
  CHECK(names.size() > 90);
  const auto text = documentation();
  for (const auto& name : names) {
    CAPTURE(name);
    CHECK(text.find('`' + name + '`') != std::string::npos);
  }
}
