#include "cli/common/output_flags.hpp"

#include <spdlog/fmt/fmt.h>

#include <filesystem>
#include <optional>
#include <string>
#include <system_error>

namespace troupe::cli {
namespace {

namespace fs = std::filesystem;

bool is_same_file(const std::string& one, const std::string& other) {
  std::error_code absent;  // a file that is still to be made
  const auto status = fs::status(one, absent);
  if (fs::exists(status) && !fs::is_regular_file(status)) return false;
  if (fs::equivalent(one, other, absent) && !absent) return true;
  const auto place = [&](const std::string& path) {
    return fs::weakly_canonical(fs::absolute(path), absent);
  };
  return place(one) == place(other);
}

}  // namespace

void add_output_flags(CLI::App& app, sim::OutputPaths& paths) {
  const auto add = [&](const char* flag, std::optional<std::string>& to, const char* value,
                       const char* help) {
    app.add_option(flag, to, help)->type_name(value)->group("Outputs")->take_last();
  };
  add("--json", paths.json, "FILE|-", "everything about the run, as JSON; -: standard output");
  add("--msgpack", paths.msgpack, "FILE|-", "the same as MessagePack");
  add("--csv", paths.csv, "PREFIX", "Locust's files: PREFIX_stats.csv, _stats_history.csv, _failures.csv");
  add("--hgrm", paths.hgrm, "FILE|-", "HdrHistogram's percentile distribution of response times");
  add("--html", paths.html, "FILE|-", "a report with charts in one file that works offline");
}

std::vector<UsedFile> files_of(const sim::OutputPaths& paths) {
  std::vector<UsedFile> files;
  for (const auto& [flag, path] : {std::pair("--json", &paths.json), std::pair("--msgpack", &paths.msgpack),
                                   std::pair("--hgrm", &paths.hgrm), std::pair("--html", &paths.html)}) {
    if (*path) files.push_back({flag, **path});
  }
  for (const auto* suffix : sim::csv_suffixes) {
    if (paths.csv) files.push_back({"--csv", *paths.csv + suffix});
  }
  return files;
}

Result<void> refuse_same_files(const std::vector<UsedFile>& outputs, const std::vector<UsedFile>& inputs) {
  for (auto output = outputs.begin(); output != outputs.end(); ++output) {
    for (auto other = outputs.begin(); other != output; ++other) {
      if (output->path == "-" && other->path == "-")
        return invalid("only one output can go to standard output");
      if (output->path != "-" && other->path != "-" && is_same_file(output->path, other->path))
        return invalid(fmt::format("{} and {} would write one file, {}: choose another path for one of them",
                                   other->what, output->what, output->path));
    }
    for (const auto& input : inputs) {
      if (output->path != "-" && is_same_file(output->path, input.path))
        return invalid(fmt::format("{} would overwrite {}, {}: choose another path", output->what, input.what,
                                   input.path));
    }
  }
  return {};
}

}  // namespace troupe::cli
