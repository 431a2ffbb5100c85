#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

#include "sim/output/run_outputs.hpp"

namespace troupe::cli {

/// Adds --json, --msgpack, --csv, --hgrm and --html. `paths` must outlive the parse.
void add_output_flags(CLI::App& app, sim::OutputPaths& paths);

/// `troupe report` with its arguments: makes the other outputs from a result file, or prints the table.
int report(const std::vector<std::string>& arguments);

}  // namespace troupe::cli
