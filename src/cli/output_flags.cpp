#include "cli/output_flags.hpp"

#include <optional>
#include <string>

namespace troupe::cli {

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

}  // namespace troupe::cli
