#include "cli/sweep/write_config.hpp"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <set>

#include "support/settings_print.hpp"

namespace troupe::cli {
namespace {

/// What the sweep chose for its own servers, or must not be in a file (a password), or is the sweep's own.
bool is_the_sweeps(std::string_view key) {
  constexpr std::string_view keys[] = {"server.host",  "server.port",       "server.max_connections",
                                       "database.url", "database.data_dir", "database.table",
                                       "log.level"};
  return std::ranges::find(keys, key) != std::end(keys);
}

const sweep::PlannedCell* find_cell(const sweep::Grid& grid, const sweep::Configuration& configuration) {
  const auto found = std::ranges::find_if(
      grid.cells, [&](const auto& planned) { return planned.cell.configuration == configuration; });
  return found == grid.cells.end() ? nullptr : &*found;
}

/// No line of a command may leave its comment.
std::string one_line(std::string text) {
  std::ranges::replace(text, '\n', ' ');
  return text;
}

}  // namespace

std::optional<std::string> cannot_write_config(const std::filesystem::path& file, const sweep::Grid& grid) {
  std::error_code error;  // then writing it will tell
  if (std::filesystem::exists(file, error))
    return fmt::format("--write-config: {} is there already: remove it, or name another file", file.string());
  std::set<sweep::Workload> workloads;
  for (const auto& planned : grid.cells) workloads.insert(planned.cell.workload);
  if (workloads.size() < 2) return std::nullopt;
  return fmt::format(
      "--write-config takes one answer, and this sweep has one for each of {} workloads: take one scenario "
      "and one transport",
      workloads.size());
}

std::optional<std::string> config_text(const sweep::SweepInfo& info,
                                       const sweep::Recommendation& recommendation, const sweep::Grid& grid) {
  if (!recommendation.cheapest) return std::nullopt;
  const auto* planned = find_cell(grid, *recommendation.cheapest);
  if (planned == nullptr) return std::nullopt;
  auto text = fmt::format("# Recommended by a sweep of {}, begun {}:\n#   {}\n#\n",
                          describe(recommendation.workload), info.started_at, one_line(info.command));
  for (const auto& sentence : recommendation.words) text += "# " + sentence + "\n";
  text +=
      "#\n# Where PostgreSQL is and where the server listens is not in here: --database-url, --host and "
      "--port.\n";
  const Settings standard;
  std::string section;
  for (const auto& setting : settings_table()) {
    const std::string key(setting.key);
    const bool swept = recommendation.cheapest->settings.contains(key);
    if (!swept && (is_the_sweeps(key) || setting.read(planned->settings) == setting.read(standard))) continue;
    const auto dot = key.find('.');
    if (key.substr(0, dot) != section) {
      section = key.substr(0, dot);
      text += "\n[" + section + "]\n";
    }
    text += fmt::format("{} = {}\n", key.substr(dot + 1), toml_value(setting, planned->settings));
  }
  return text;
}

}  // namespace troupe::cli
