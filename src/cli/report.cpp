#include "cli/report.hpp"

#include <iostream>

#include "cli/cli.hpp"
#include "cli/command_line.hpp"
#include "cli/startup.hpp"
#include "sim/text_table.hpp"
#include "support/read_file.hpp"

namespace troupe::cli {

namespace {

constexpr const char* notes = R"(Without an output flag it prints the table that the run printed at its end.

Example:
  troupe report result.json --html report.html --csv run)";

}  // namespace

void add_output_flags(CLI::App& app, sim::OutputPaths& paths) {
  const auto add = [&](const char* flag, std::optional<std::string>& to, const char* value,
                       const char* help) {
    app.add_option(flag, to, help)->type_name(value)->group("Outputs")->take_last();
  };
  add("--json", paths.json, "FILE|-",
      "everything about the run, as JSON (docs/results.md); -: standard output");
  add("--msgpack", paths.msgpack, "FILE|-", "the same as MessagePack");
  add("--csv", paths.csv, "PREFIX", "Locust's files: PREFIX_stats.csv, _stats_history.csv, _failures.csv");
  add("--hgrm", paths.hgrm, "FILE|-", "HdrHistogram's percentile distribution of response times");
  add("--html", paths.html, "FILE|-", "a report with charts in one file that works offline");
}

int report(const std::vector<std::string>& arguments) {
  CLI::App app("Makes other outputs from the result file of a run.", "troupe report");
  app.get_formatter()->column_width(40);
  app.get_formatter()->label("OPTIONS", "FLAGS");
  app.set_help_flag("-h,--help", "print this text and exit");
  std::string file;
  sim::OutputPaths paths;
  app.add_option("RESULT", file, "written by troupe simulate --json or --msgpack")->type_name("FILE");
  add_output_flags(app, paths);
  app.footer(notes);
  if (const auto done = parse(app, arguments)) return *done;
  if (file.empty())
    return usage_fault(
        "which result? Give the file that --json or --msgpack wrote; see troupe report --help");
  const auto bytes = read_file(file);
  if (!bytes) return usage_fault(bytes.error().message);
  const auto result = sim::read_result(*bytes);
  if (!result) return usage_fault(file + ": " + result.error().message);
  if (paths.empty()) {
    std::cout << sim::text_summary(*result);
    return exit_ok;
  }
  if (const auto done = sim::check_outputs(paths); !done) return usage_fault(done.error().message);
  const auto failures = sim::write_outputs(*result, paths);
  for (const auto& failure : failures) fail(exit_usage, failure);
  return failures.empty() ? exit_ok : exit_usage;
}

}  // namespace troupe::cli
