#include "cli/sweep/sweep_resources.hpp"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <ostream>

#include "support/read_file.hpp"
#include "support/sha256.hpp"
#include "sweep/run/server_checks.hpp"

namespace troupe::cli {
namespace {

constexpr const char* data_input = "data";

bool writes(const sweep::Grid& grid) {
  return std::ranges::any_of(grid.cells, [](const auto& planned) { return planned.scenario->writes(); });
}

/// Whether a repeat may leave the tables otherwise than it found them: of queries that is known only once the
/// database has told of them.
bool may_change(const sweep::Grid& grid) {
  return writes(grid) || std::ranges::any_of(grid.cells, [](const auto& planned) {
           return std::ranges::any_of(planned.scenario->tasks, [](const sim::Task& task) {
             return task.operation == sim::Operation::query;
           });
         });
}

/// The flags about data as one text: "--sample 10%".
std::string data_text(const SweepFlags& flags) {
  if (flags.use_table) return "--use-table";
  if (flags.copy.read_only) return "--read-only";
  if (flags.copy.rows) return "--rows " + *flags.copy.rows;
  return flags.copy.sample ? "--sample " + *flags.copy.sample : "";
}

}  // namespace

std::optional<std::string> contradicts_resources(const SweepFlags& flags, const Settings& settings,
                                                 const sweep::Grid& grid) {
  if (settings.database.resources.empty()) {
    for (const auto& planned : grid.cells) {
      const auto why = planned.scenario->why_resources();
      if (!why.empty())
        return fmt::format("scenario {}: {}, which needs --resources FILE or auto", planned.scenario->name,
                           why);
    }
    return std::nullopt;
  }
  if (settings.database.url.empty())
    return "--resources needs --database-url: an embedded database has no tables of yours";
  const auto place = work_place(flags.copy, flags.use_table, writes(grid));
  if (!place) return place.error().message;
  const auto amount = copy_amount(flags.copy);
  if (!amount) return amount.error().message;
  return std::nullopt;
}

Result<sweep::ResourceDatabase> open_resources(const SweepFlags& flags, const Settings& settings,
                                               const sweep::Grid& grid, std::size_t connections,
                                               std::uint64_t seed, std::ostream& out,
                                               const postgres::GiveUp& give_up) {
  const auto& database = settings.database;
  if (const auto done = sweep::check_connections(database.url, database.connect_timeout, connections); !done)
    return done.error();
  return open_tables(database,
                     {.flags = flags.copy,
                      .use_table = flags.use_table,
                      .writes = writes(grid),
                      .restorable = may_change(grid),
                      .seed = seed},
                     out, give_up);
}

Result<void> add_resource_inputs(const SweepFlags& flags, const Settings& settings,
                                 std::map<std::string, sweep::Input>& inputs) {
  const auto& file = settings.database.resources;
  if (file.empty()) return {};
  const auto data = data_text(flags);
  inputs[data_input] = {sha256_hex(data), data};
  if (file == "auto") return {};
  const auto text = read_file(file);
  if (!text) return text.error();
  inputs["resources " + file] = {sha256_hex(*text), *text};
  return {};
}

void take_resource_inputs(const sweep::SweepInfo& info, SweepFlags& flags) {
  const auto found = info.test_bed.inputs.find(data_input);
  if (found == info.test_bed.inputs.end()) return;
  const auto& text = found->second.text;
  const auto value = text.substr(std::min(text.size(), text.find(' ') + 1));
  flags.use_table = text == "--use-table";
  flags.copy.read_only = text == "--read-only";
  if (text.starts_with("--rows ")) flags.copy.rows = value;
  if (text.starts_with("--sample ")) flags.copy.sample = value;
}

}  // namespace troupe::cli
