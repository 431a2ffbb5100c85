#include "cli/compare.hpp"

#include <spdlog/fmt/fmt.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <iostream>

#include "cli/cli.hpp"
#include "cli/command_line.hpp"
#include "cli/read_measured.hpp"
#include "cli/startup.hpp"
#include "report/struct_json.hpp"
#include "sim/output/run_outputs.hpp"
#include "support/parse.hpp"
#include "sweep/compare/comparison_fields.hpp"
#include "sweep/compare/comparison_text.hpp"

namespace troupe::cli {

namespace {

constexpr const char* notes =
    R"(A and B are both directories of sweeps, or both result files of runs (troupe simulate --json). B is judged against A.
A difference is one that the noise of the repeats does not explain, with 95 % for all rows together; a regression is a
change for the worse that is larger than --tolerance even at the near end of its interval. What only one side has is
listed, and no regression.

Examples:
  troupe compare results/monday results/tuesday
      two sweeps, cell by cell
  troupe compare before.json after.json --tolerance 10% --json difference.json
      two runs of 5 s and more; the figures also for a program

Exit codes:
  0  no regression                          2  a mistake on the command line, or A or B cannot be read
  1  a failure without a code of its own    4  a regression beyond --tolerance
)";

constexpr const char* standard_tolerance = "5%";

sweep::Comparison compare_measured(const Measured& a, const Measured& b) {
  if (const auto* sweep = std::get_if<sweep::Sweep>(&a)) return compare(*sweep, std::get<sweep::Sweep>(b));
  return sweep::compare(std::get<sim::RunResult>(a), std::get<sim::RunResult>(b));
}

std::string json_of(const sweep::Comparison& comparison) {
  const report::Schema schema{sweep::comparison_schema_name, sweep::comparison_schema_version};
  return report::json_text(report::tree_of(schema, comparison));
}

int tell(const sweep::Comparison& comparison, double tolerance, const std::string& json) {
  if (json != "-") std::cout << text_table(comparison, tolerance);
  if (!json.empty()) {
    if (const auto done = sim::write_output(json, json_of(comparison)); !done) {
      return fail(exit_usage, done.error().message);
    }
  }
  return has_regression(comparison, tolerance) ? exit_threshold : exit_ok;
}

}  // namespace

int compare(const std::vector<std::string>& arguments) {
  CLI::App app("Says what differs between two sweeps or two runs, and what is noise.", "troupe compare");
  app.get_formatter()->column_width(40);
  app.get_formatter()->label("OPTIONS", "FLAGS");
  app.set_help_flag("-h,--help", "print this text and exit");
  std::vector<std::string> paths;
  std::string tolerance_text = standard_tolerance, json;
  app.add_option("A B", paths, "the old one and the new one")->type_name("PATH");
  app.add_option("--tolerance", tolerance_text, "a change for the worse up to this is no regression (5%)")
      ->type_name("SHARE")
      ->take_last();
  app.add_option("--json", json, "everything for a program; -: standard output")
      ->type_name("FILE|-")
      ->take_last();
  app.footer(notes);
  if (const auto done = parse(app, arguments)) return *done;
  if (paths.size() != 2) {
    return usage_fault(fmt::format(
        "compare what? Give two sweeps or two runs, not {}; see troupe compare --help", paths.size()));
  }
  const auto tolerance = parse_share(tolerance_text);
  if (!tolerance || *tolerance >= 1) {
    return usage_fault(
        fmt::format("--tolerance must be a share below 100%, as 5% or 0.05, not '{}'", tolerance_text));
  }
  const auto a = read_measured(paths[0]);
  if (!a) return usage_fault(a.error().message);
  const auto b = read_measured(paths[1]);
  if (!b) return usage_fault(b.error().message);
  if (a->index() != b->index()) {
    return usage_fault(
        fmt::format("{} and {} cannot be compared: one is a sweep and one is a run", paths[0], paths[1]));
  }
  const auto comparison = compare_measured(*a, *b);
  if (comparison.rows.empty()) {  // a script must not take this for "no regression"
    return usage_fault(
        fmt::format("{} and {} have no cell in common: nothing can be compared", paths[0], paths[1]));
  }
  const auto unknown = [](const auto& row) { return row.judgement == sweep::Judgement::not_known; };
  if (std::ranges::all_of(comparison.rows, unknown)) {
    return usage_fault(
        "too few values to judge anything: sweeps need two repeats, runs five measured seconds");
  }
  return tell(comparison, *tolerance, json);
}

}  // namespace troupe::cli
