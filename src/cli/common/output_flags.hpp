#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

#include "sim/output/run_outputs.hpp"
#include "support/result.hpp"

namespace troupe::cli {

/// Adds --json, --msgpack, --csv, --hgrm and --html, which `simulate` and `report` share. `paths` must
/// outlive the parse.
void add_output_flags(CLI::App& app, sim::OutputPaths& paths);

/// A file that a command writes or reads, and what it is for: "--json", "the scenario".
struct UsedFile {
  std::string what;
  std::string path;
};

/// The files that `paths` name.
std::vector<UsedFile> files_of(const sim::OutputPaths& paths);

/// Refuses outputs that would overwrite an input or each other. What is no regular file (/dev/null, a pipe)
/// may be named twice, standard output ("-") may not. Error: invalid_argument, one line.
Result<void> refuse_same_files(const std::vector<UsedFile>& outputs, const std::vector<UsedFile>& inputs);

}  // namespace troupe::cli
