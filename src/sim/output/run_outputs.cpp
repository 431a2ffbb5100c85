#include "sim/output/run_outputs.hpp"

#include <spdlog/fmt/fmt.h>
#include <unistd.h>

#include <filesystem>
#include <iostream>

#include "sim/output/csv.hpp"
#include "sim/output/hgrm.hpp"
#include "sim/output/run_html.hpp"
#include "sim/result/results_io.hpp"
#include "support/atomic_file.hpp"

namespace troupe::sim {
namespace {

namespace fs = std::filesystem;

const std::string standard_output = "-";

}  // namespace

// By writing beside the file as the real write will: permissions, read-only file systems, missing folders and
// full disks show themselves.
Result<void> check_output(const std::string& file) {
  if (file == standard_output) return {};
  std::error_code absent;
  const auto status = fs::status(file, absent);
  if (fs::exists(status) && !fs::is_directory(status) && !fs::is_regular_file(status))
    return {};  // a device or a pipe
  const auto refused = [](std::string_view why) {
    return Error{ErrorCode::invalid_argument, fmt::format("{} (choose another path)", why)};
  };
  if (file.empty()) return refused("an output's path is empty");
  if (fs::is_directory(status)) return refused(fmt::format("cannot write {}: it is a directory", file));
  const auto trial = fmt::format("{}.check.{}", file, ::getpid());
  const auto written = write_file(trial, "troupe");
  std::error_code ignored;  // what was not made cannot be removed
  fs::remove(trial, ignored);
  if (written) return {};
  const auto& text = written.error().message;
  return refused(fmt::format("cannot write {}{}", file, text.substr(text.rfind(": "))));
}

Result<void> write_output(const std::string& path, const std::string& text) {
  if (path != standard_output) return write_file(path, text);
  std::cout << text << std::flush;
  if (!std::cout) return Error{ErrorCode::io, "cannot write to standard output"};
  return {};
}

bool OutputPaths::uses_standard_output() const {
  return json == standard_output || msgpack == standard_output || hgrm == standard_output ||
         html == standard_output;
}

Result<void> check_outputs(const OutputPaths& paths) {
  int on_standard_output = 0;
  for (const auto* path : {&paths.json, &paths.msgpack, &paths.hgrm, &paths.html}) {
    if (!*path) continue;
    if (**path == standard_output) {
      if (++on_standard_output > 1) {
        return Error{ErrorCode::invalid_argument, "only one output can go to standard output"};
      }
      continue;
    }
    if (auto done = check_output(**path); !done) return done;
  }
  if (!paths.csv) return {};
  for (const auto* suffix : csv_suffixes) {
    if (auto done = check_output(*paths.csv + suffix); !done) return done;
  }
  return {};
}

std::vector<std::string> write_outputs(const RunResult& result, const OutputPaths& paths) {
  std::vector<std::string> failures;
  const auto note = [&](const Result<void>& done) {
    if (!done) failures.push_back(done.error().message);
  };
  if (paths.json) note(write_output(*paths.json, write_json(result)));
  if (paths.msgpack) note(write_output(*paths.msgpack, write_msgpack(result)));
  if (paths.csv) note(write_locust_csv(result, *paths.csv));
  if (paths.hgrm) {
    const auto histogram = Histogram::from(result.total.good.response.histogram);
    histogram ? note(write_output(*paths.hgrm, write_hgrm(*histogram)))
              : failures.push_back("no histogram: " + histogram.error().message);
  }
  if (paths.html) note(write_output(*paths.html, html_report(result)));
  return failures;
}

}  // namespace troupe::sim
