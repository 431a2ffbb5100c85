#pragma once

#include <CLI/CLI.hpp>

#include "sim/output/run_outputs.hpp"

namespace troupe::cli {

/// Adds --json, --msgpack, --csv, --hgrm and --html, which `simulate` and `report` share. `paths` must
/// outlive the parse.
void add_output_flags(CLI::App& app, sim::OutputPaths& paths);

}  // namespace troupe::cli
