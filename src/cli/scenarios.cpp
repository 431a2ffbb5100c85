#include "cli/scenarios.hpp"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <filesystem>
#include <iostream>
#include <map>

#include "cli/common/command_line.hpp"
#include "cli/common/exit_code.hpp"
#include "cli/common/startup.hpp"
#include "sim/scenario/scenario_reader.hpp"
#include "support/config_places.hpp"

namespace troupe::cli {
namespace {

constexpr const char* scenarios_notes =
    R"(Scenarios are files in config/scenarios; docs/reference/simulator.md tells how to write one.

Examples:
  troupe scenarios
  troupe simulate --scenario crud
  troupe scenario new --from-openapi http://127.0.0.1:8080/openapi.json > mine.toml
      writes one for a service

Exit codes:
  0  success
  2  a mistake on the command line, or a scenario that cannot be read
)";

/// The files by their names; of two of one name the first directory's.
std::map<std::string, std::filesystem::path> scenario_files() {
  std::map<std::string, std::filesystem::path> files;
  for (const auto& directory : config_places("scenarios")) {
    std::error_code ignored;  // a directory that is not there offers nothing
    for (const auto& entry : std::filesystem::directory_iterator(directory, ignored)) {
      if (entry.path().extension() == ".toml") files.emplace(entry.path().stem().string(), entry.path());
    }
  }
  return files;
}

}  // namespace

int scenarios(const std::vector<std::string>& arguments) {
  CLI::App app("Lists the scenarios that simulate and sweep know by name.", "troupe scenarios");
  app.set_help_flag("-h,--help", "print this text and exit");
  app.footer(scenarios_notes);
  if (const auto done = parse(app, arguments)) return *done;
  const auto files = scenario_files();
  std::size_t width = 0;
  for (const auto& [name, file] : files) width = std::max(width, name.size());
  int code = exit_ok;
  for (const auto& [name, file] : files) {
    const auto scenario = sim::load_scenario(file.string(), {});
    if (scenario) {
      std::cout << fmt::format("{:{}}  {}\n", name, width, scenario->description);
    } else {
      code = fail(exit_usage, scenario.error().message);
    }
  }
  if (files.empty()) std::cout << "There is no scenario here: give simulate the path of a .toml file.\n";
  return code;
}

}  // namespace troupe::cli
