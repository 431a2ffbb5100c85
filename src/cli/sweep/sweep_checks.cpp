#include "cli/sweep/sweep_checks.hpp"

#include <spdlog/fmt/fmt.h>

#include <algorithm>

#include "cli/common/startup.hpp"
#include "cli/sweep/sweep_view.hpp"
#include "sim/result/provenance.hpp"
#include "support/settings_load.hpp"
#include "support/settings_print.hpp"
#include "support/settings_table.hpp"
#include "sweep/plan/schedule.hpp"
#include "sweep/run/repeat_loop.hpp"
#include "sweep/run/test_database.hpp"

namespace troupe::cli {

namespace {

/// Of a service that is not ours there is nothing to set.
std::optional<std::string> contradicts_target(const SweepFlags& flags) {
  if (const auto flag = flags.service.given_without_target(); !flag.empty())
    return flag + " is about a service that is not ours: it needs --target URL";
  if (!flags.service.target) return std::nullopt;
  const std::pair<const char*, bool> ours[] = {
      {"FILE", flags.file.has_value()},
      {"--transport", flags.transport.has_value()},
      {"--model", flags.model.has_value()},
      {"--stand-in-database", flags.stand_in.has_value()},
      {"--write-config", flags.write_config.has_value()},
      {"--use-table", flags.use_table},
      {"--sample, --rows and --read-only", flags.copy.any()},
  };
  for (const auto& [flag, given] : ours) {
    if (given)
      return fmt::format("--target and {} contradict each other: that is for sweeps of a server of our own",
                         flag);
  }
  for (const auto& [key, value] : flags.settings.values) {
    if (key == "log.level" || key == "workers.io") continue;
    const auto flag = find_setting(key)->flag;
    return fmt::format(
        "--target and {} contradict each other: it is for a server of our own; vary what is the "
        "service's with --axis NAME=LIST",
        flag);
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::string> contradicts_sweep(const SweepFlags& flags) {
  if (auto fault = contradicts_target(flags)) return fault;
  const auto& values = flags.settings.values;
  for (const auto* key : {"server.host", "server.port"}) {
    if (!values.contains(key)) continue;
    return fmt::format("leave out {}: the servers of a sweep are for its own users only, on a free port",
                       find_setting(key)->flag);
  }
  if (values.contains("database.table")) {
    return fmt::format("leave out --table: a sweep empties its table, so it takes one of its own, {}",
                       sweep::sweep_table);
  }
  const bool resources = values.contains("database.resources");
  if (resources && flags.stand_in)
    return "--resources and --stand-in-database contradict each other: a stand-in has no tables";
  if (!resources && (flags.copy.any() || flags.use_table))
    return "--sample, --rows, --read-only and --use-table are about tables of your own: they need "
           "--resources";
  if (!flags.stand_in) return std::nullopt;
  for (const auto* key : {"database.url", "database.data_dir"}) {
    if (!values.contains(key)) continue;
    return fmt::format("--stand-in-database and the setting {} contradict each other: leave out one", key);
  }
  return std::nullopt;
}

std::optional<std::string> contradicts_resume(const SweepFlags& flags) {
  const bool plan =
      flags.file || flags.out || flags.scenario || flags.transport || flags.model || flags.users ||
      flags.arrival_rate || flags.duration || flags.warm_up || flags.repeats || flags.seed || flags.budget ||
      flags.stand_in || flags.goal || flags.timeout || flags.arrivals || flags.max_in_flight ||
      flags.max_backlog || !flags.constraints.empty() || flags.copy.any() || flags.use_table ||
      flags.service.target || !flags.service.given_of_plan().empty() || flags.service.fields.bearer_env;
  if (plan)
    return "--resume goes on with the sweep as it was begun: leave out what it varies and how it measures";
  for (const auto& [key, value] : flags.settings.values) {
    if (key != "database.url" && key != "log.level")
      return "--resume goes on with the sweep as it was begun: leave out " + key;
  }
  return std::nullopt;
}

Result<Settings> settings_of(const sweep::SweepInfo& info, const Settings& now) {
  Settings settings;
  for (const auto& [key, text] : info.test_bed.settings) {
    if (key == "database.url") continue;
    if (const auto done = set_setting(settings, key, text); !done) return done.error();
  }
  settings.database.url = now.database.url;
  settings.log = now.log;
  return settings;
}

std::optional<std::string> begun_elsewhere(const sweep::SweepInfo& info, const Settings& now) {
  const auto& host = info.test_bed.host;
  const auto here = sim::this_host();
  if (host.cpu != here.cpu || host.cpus != here.cpus) {
    return fmt::format("this sweep was begun on another machine ({} × {}): begin a new one here", host.cpus,
                       host.cpu);
  }
  if (!info.stand_in.empty() || info.service) return std::nullopt;
  const auto recorded = info.test_bed.settings.find("database.url");
  const auto url = recorded != info.test_bed.settings.end() ? recorded->second : "";
  if (url == without_password(now.database.url)) return std::nullopt;
  return url.empty()
             ? "this sweep was begun on the embedded PostgreSQL: leave out --database-url and DATABASE_URL"
             : "this sweep was begun on " + url + ": give that as --database-url again";
}

std::optional<std::string> other_inputs(const sweep::SweepInfo& info,
                                        const std::map<std::string, sweep::Input>& now) {
  for (const auto& [name, input] : info.test_bed.inputs) {
    const auto found = now.find(name);
    if (found == now.end() || found->second == input) continue;
    return fmt::format("{} is another one than this sweep was begun with: bring it back, or begin a new one",
                       name);
  }
  return std::nullopt;
}

std::optional<std::string> takes_too_long(const sweep::Spec& spec, const sweep::Grid& grid,
                                          std::chrono::duration<double> expected, bool yes) {
  constexpr std::chrono::hours longest_without_asking{8};
  const auto one = sweep::expected_repeat_time(spec);
  if (spec.budget) {
    const auto coarse = std::ranges::count_if(
        grid.cells, [&](const auto& planned) { return sweep::is_coarse(planned.choice, grid.axes); });
    const auto least = one * static_cast<double>(coarse);
    if (least <= *spec.budget) return std::nullopt;
    return fmt::format(
        "the budget is too small: one repeat of the {} coarse cells alone takes about {}; give it "
        "more, or fewer values or a shorter --duration",
        coarse, rough_time(least));
  }
  if (expected <= longest_without_asking || yes) return std::nullopt;
  return fmt::format("this would take {}: --yes runs it all the same, --budget 10m fits it into a time",
                     rough_time(expected));
}

std::optional<std::string> needs_too_many_files(const sweep::Grid& grid) {
  std::size_t needed = 0;
  for (const auto& planned : grid.cells) {
    const bool http = planned.transport == harness::TransportKind::http;
    const auto& cost = planned.cell.configuration;
    const auto sockets =
        http ? sockets_for(planned.most_users * (1 + planned.scenario->targets.size()), !is_outside(cost))
             : 0;
    needed = std::max<std::size_t>(needed, sockets + descriptors_for(cost.workers, cost.connections));
  }
  return too_many_files("a cell needs", needed, "users");
}

}  // namespace troupe::cli
