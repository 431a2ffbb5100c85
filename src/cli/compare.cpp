#include "cli/compare.hpp"

#include <spdlog/fmt/fmt.h>

#include <CLI/CLI.hpp>
#include <iostream>

#include "cli/common/command_line.hpp"
#include "cli/common/exit_code.hpp"
#include "cli/common/startup.hpp"
#include "cli/read_measured.hpp"
#include "report/struct_json.hpp"
#include "sim/output/run_outputs.hpp"
#include "support/parse.hpp"
#include "sweep/compare/comparison_fields.hpp"
#include "sweep/compare/comparison_text.hpp"

namespace troupe::cli {

namespace {

constexpr const char* compare_notes =
    R"(A and B are both directories of sweeps, or both result files of runs (troupe simulate --json). B is judged against A.
A difference is one that the noise of the repeats does not explain, with 95 % for all rows together; a regression is a
change for the worse that is larger than --tolerance even at the near end of its interval. What only one side has is
listed, and no regression. Two single runs say nothing of what differs from run to run: what is found there is advice,
and the exit code is 0 unless --gate is given.

Examples:
  troupe compare results/monday results/tuesday
      two sweeps, cell by cell
  troupe compare before.json after.json --tolerance 10% --json difference.json
      two runs of 5 s and more; the figures also for a program

Exit codes:
  0  no regression                          4  a regression beyond --tolerance
  1  a failure without a code of its own    6  no regression was seen, but a figure is too uncertain to have shown one
  2  a mistake on the command line, or A or B cannot be read
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

int code_of(const sweep::Comparison& comparison, double tolerance) {
  if (has_regression(comparison, tolerance)) return exit_threshold;
  return blind_rows(comparison, tolerance) > 0 ? exit_not_measured : exit_ok;
}

int tell(const sweep::Comparison& comparison, double tolerance, const std::string& json, bool gate) {
  const bool advice = comparison.kind == "runs" && !gate;
  if (json != "-") {
    std::cout << text_table(comparison, tolerance);
    if (advice) std::cout << "One run each is advice: the exit code is 0, unless --gate is given.\n";
  }
  if (!json.empty()) {
    if (const auto done = sim::write_output(json, json_of(comparison)); !done) {
      return fail(exit_usage, done.error().message);
    }
  }
  return advice ? exit_ok : code_of(comparison, tolerance);
}

}  // namespace

int compare(const std::vector<std::string>& arguments) {
  CLI::App app("Says what differs between two sweeps or two runs, and what is noise.", "troupe compare");
  app.get_formatter()->column_width(40);
  app.get_formatter()->label("OPTIONS", "FLAGS");
  app.set_help_flag("-h,--help", "print this text and exit");
  std::vector<std::string> paths;
  std::string tolerance_text = standard_tolerance, json;
  bool gate = false;
  app.add_option("A B", paths, "the old one and the new one")->type_name("PATH");
  app.add_option("--tolerance", tolerance_text, "a change for the worse up to this is no regression (5%)")
      ->type_name("SHARE")
      ->take_last();
  app.add_option("--json", json, "everything for a program; -: standard output")
      ->type_name("FILE|-")
      ->take_last();
  app.add_flag("--gate", gate, "two single runs decide about the exit code, too");
  app.footer(compare_notes);
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
  return tell(comparison, *tolerance, json, gate);
}

}  // namespace troupe::cli
