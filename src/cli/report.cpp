#include "cli/report.hpp"

#include <CLI/CLI.hpp>
#include <filesystem>
#include <iostream>
#include <optional>

#include "cli/common/command_line.hpp"
#include "cli/common/exit_code.hpp"
#include "cli/common/output_flags.hpp"
#include "cli/common/startup.hpp"
#include "cli/read_measured.hpp"
#include "sim/output/run_text.hpp"
#include "sweep/analysis/summarize.hpp"
#include "sweep/output/sweep_html.hpp"
#include "sweep/output/sweep_outputs.hpp"
#include "sweep/output/sweep_text.hpp"
#include "sweep/records/record_file.hpp"

namespace troupe::cli {

namespace {

constexpr const char* report_notes =
    R"(Without an output flag it prints what the run or the sweep printed at its end. Of a sweep, --json is its summary, --csv
PREFIX writes PREFIX_results.csv, and --html the page with all pictures.

Examples:
  troupe report result.json --html report.html --csv run
  troupe report results/2026-11-22T16-00-00 --html sweep.html
)";

int report_run(const sim::RunResult& result, const sim::OutputPaths& paths) {
  if (paths.empty()) {
    std::cout << sim::text_summary(result);
    return exit_ok;
  }
  if (const auto done = sim::check_outputs(paths); !done) return usage_fault(done.error().message);
  const auto failures = sim::write_outputs(result, paths);
  for (const auto& failure : failures) fail(exit_usage, failure);
  return failures.empty() ? exit_ok : exit_usage;
}

int report_sweep(const sweep::Sweep& sweep, const sim::OutputPaths& paths) {
  const auto summary = summarize(sweep);
  if (paths.empty()) {
    std::cout << sweep::text_summary(sweep.info, summary);
    return exit_ok;
  }
  int code = exit_ok;
  const auto write = [&](const std::optional<std::string>& to, const auto& make_text) {
    if (!to) return;
    if (const auto done = sim::write_output(*to, make_text()); !done)
      code = fail(exit_usage, done.error().message);
  };
  const auto csv = paths.csv ? std::optional(*paths.csv + "_results.csv") : std::nullopt;
  write(paths.html, [&] { return sweep::html_report(sweep, summary); });
  write(paths.json, [&] { return sweep::summary_json(summary); });
  write(csv, [&] { return sweep::results_csv(sweep); });
  return code;
}

}  // namespace

int report(const std::vector<std::string>& arguments) {
  CLI::App app("Makes other outputs from the results of a run or a sweep.", "troupe report");
  app.get_formatter()->column_width(40);
  app.get_formatter()->label("OPTIONS", "FLAGS");
  app.set_help_flag("-h,--help", "print this text and exit");
  std::string path;
  sim::OutputPaths paths;
  app.add_option("RESULT", path,
                 "written by troupe simulate --json or --msgpack, or the directory of a sweep")
      ->type_name("PATH");
  add_output_flags(app, paths);
  app.footer(report_notes);
  if (const auto done = parse(app, arguments)) return *done;
  if (path.empty()) {
    return usage_fault(
        "which result? Give the file that --json or --msgpack wrote, or a sweep's directory; see troupe "
        "report --help");
  }
  if ((paths.msgpack || paths.hgrm) && sweep::is_sweep(path)) {
    return usage_fault("--msgpack and --hgrm are for the result of one run, and " + path + " is a sweep");
  }
  // Of a sweep what was measured is one file of its directory.
  std::filesystem::path input(path);
  if (sweep::is_sweep(path)) input /= sweep::record_file_name;
  if (const auto done = refuse_same_files(files_of(paths), {{"the result", input.string()}}); !done)
    return usage_fault(done.error().message);
  const auto measured = read_measured(path);
  if (!measured) return usage_fault(measured.error().message);
  if (const auto* run = std::get_if<sim::RunResult>(&*measured)) return report_run(*run, paths);
  return report_sweep(std::get<sweep::Sweep>(*measured), paths);
}

}  // namespace troupe::cli
