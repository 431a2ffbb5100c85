#include "cli/sweep/sweep_flags.hpp"

#include <spdlog/fmt/fmt.h>

#include <sstream>

#include "support/parse.hpp"
#include "support/read_file.hpp"
#include "support/settings_table.hpp"
#include "sweep/plan/goal.hpp"

namespace troupe::cli {

namespace {

constexpr const char* axes_group = "What is varied (lists: 1,2,4)";
constexpr const char* plan_group = "How it is measured";
constexpr const char* data_group = "Tables of your own (--resources with --database-url)";
constexpr const char* run_group = "Running";

std::vector<std::string> split(const std::string& list) {
  std::vector<std::string> values;
  std::istringstream in(list);
  for (std::string value; std::getline(in, value, ',');) values.push_back(value);
  if (list.empty() || list.back() == ',') values.emplace_back();
  return values;
}

/// A setting with one value is no axis, but beats the file's list for it, and a model's value: then it is
/// one.
Result<void> add_setting_axes(SweepFlags& flags, sweep::Spec& spec) {
  const bool with_models = flags.model || spec.find("model") != nullptr;
  for (auto value = flags.settings.values.begin(); value != flags.settings.values.end();) {
    const auto name = sweep::axis_name(value->first);
    const bool list = value->second.find(',') != std::string::npos;
    // What cannot be varied may hold commas of its own: a URL with two hosts.
    if (!name || !(list || with_models || spec.find(*name) != nullptr)) {
      ++value;
      continue;
    }
    auto axis = sweep::read_axis(std::string(find_setting(value->first)->flag), split(value->second));
    if (!axis) return axis.error();
    spec.set_axis({*name, std::move(axis->values)});
    value = flags.settings.values.erase(value);
  }
  return {};
}

Result<void> add_own_axes(const SweepFlags& flags, sweep::Spec& spec) {
  struct Row {
    const char* name;
    const char* flag;
    const std::optional<std::string>& given;
  };
  const Row rows[] = {{"scenario", "--scenario", flags.scenario},
                      {"transport", "--transport", flags.transport},
                      {"model", "--model", flags.model},
                      {"users", "--users", flags.users},
                      {"arrival_rate", "--arrival-rate", flags.arrival_rate}};
  if (flags.users && !flags.arrival_rate)
    std::erase_if(spec.axes, [](auto& axis) { return axis.name == "arrival_rate"; });
  if (flags.arrival_rate && !flags.users)
    std::erase_if(spec.axes, [](auto& axis) { return axis.name == "users"; });
  for (const auto& [name, flag, given] : rows) {
    if (!given) continue;
    auto axis = sweep::read_axis(flag, split(*given));
    if (!axis) return axis.error();
    spec.set_axis({name, std::move(axis->values)});
  }
  return {};
}

Result<void> lay_plan_over(const SweepFlags& flags, sweep::Spec& spec) {
  const auto length = [](const char* flag, const auto& given, auto& to, bool zero_allowed) -> Result<void> {
    if (!given) return {};
    const auto value = sweep::read_length(flag, *given, zero_allowed);
    if (!value) return value.error();
    to = *value;
    return {};
  };
  if (const auto done = length("--duration", flags.duration, spec.duration, false); !done) return done;
  if (const auto done = length("--warm-up", flags.warm_up, spec.warm_up, true); !done) return done;
  if (const auto done = length("--budget", flags.budget, spec.budget, false); !done) return done;
  if (flags.repeats) {
    const auto repeats = sweep::read_repeats("--repeats", *flags.repeats);
    if (!repeats) return repeats.error();
    spec.repeats = *repeats;
  }
  if (flags.seed) {
    const auto seed = parse_count(*flags.seed);
    if (!seed) return invalid(fmt::format("--seed must be a whole number from 0 up, not '{}'", *flags.seed));
    spec.seed = *seed;
  }
  if (flags.goal) {
    const auto goal = sweep::parse_goal(*flags.goal);
    if (!goal) return goal.error();
    spec.goal = goal->text;
  }
  for (const auto& [name, given] :
       {std::pair("timeout", &flags.timeout), std::pair("arrivals", &flags.arrivals),
        std::pair("max_in_flight", &flags.max_in_flight), std::pair("max_backlog", &flags.max_backlog)}) {
    if (*given) spec.load_options[name] = **given;
  }
  spec.constraints.insert(spec.constraints.end(), flags.constraints.begin(), flags.constraints.end());
  return {};
}

}  // namespace

void SweepFlags::add_to(CLI::App& app) {
  settings.add_to(app);
  app.add_option("FILE", file, "what to sweep, as config/sweep.toml shows; flags beat it")->type_name("FILE");
  const auto text = [&](const char* group, const char* flag, std::optional<std::string>& to,
                        const char* value, const char* help) {
    app.add_option(flag, to, help)->type_name(value)->group(group)->take_last();
  };
  text(axes_group, "--scenario", scenario, "NAMES",
       "what users do: names in config/scenarios or .toml files (mixed)");
  text(axes_group, "--transport", transport, "HOW", "direct, http or both (direct)");
  text(axes_group, "--model", model, "NAMES",
       "settings that go together: names in config/models or .toml files");
  text(axes_group, "-u,--users", users, "LIST", "users at once (64)");
  text(axes_group, "--arrival-rate", arrival_rate, "LIST",
       "instead: requests begun per second, whatever became of those before");
  app.add_option(
         "--constraint", constraints,
         "leave out cells for which this does not hold, as 'pool_size <= 2 * workers'; again and again")
      ->type_name("CONDITION")
      ->group(axes_group)
      ->allow_extra_args(false)
      ->take_all();
  text(plan_group, "-t,--duration", duration, "TIME", "measured load of a repeat (3s)");
  text(plan_group, "--warm-up", warm_up, "TIME", "load before that, not measured (500ms)");
  text(plan_group, "--timeout", timeout, "TIME", "for an answer, with connecting (10s)");
  text(plan_group, "--arrivals", arrivals, "HOW", "of --arrival-rate: constant or poisson (poisson)");
  text(plan_group, "--requests-in-flight", max_in_flight, "N",
       "with --arrival-rate: requests under way at most (1000), further arrivals wait");
  text(plan_group, "--max-backlog", max_backlog, "N", "arrivals that wait at most (100000)");
  text(plan_group, "--repeats", repeats, "N", "of each cell, interleaved (3)");
  text(plan_group, "--seed", seed, "N", "repeats the order and every random choice (1)");
  text(plan_group, "--budget", budget, "TIME",
       "fill this time: coarse first, then finer near the knee, then more repeats");
  text(plan_group, "--goal", goal, "GOAL",
       "what best means, as 'rate while p99 < 20ms': the highest rate of those for which this holds");
  text(plan_group, "--stand-in-database", stand_in, "KIND",
       "instead of PostgreSQL: instant, fixed:5ms, exponential:5ms or serial:5ms");
  service.add_to(app);
  copy.add_to(app, data_group);
  app.add_flag(
         "--use-table", use_table,
         "with --resources: no copy; work on the tables themselves, which stay as each repeat leaves them")
      ->group(data_group);
  text(run_group, "--write-config", write_config, "FILE",
       "write the recommended settings to this new file, for troupe serve --config");
  text(run_group, "--out", out, "DIR", "new directory for all results (results/<time>)");
  text(run_group, "--resume", resume, "DIR", "go on with a sweep that was ended early");
  app.add_flag("--dry-run", dry_run, "show the cells and how long they would take, and exit")
      ->group(run_group);
  app.add_flag("--yes", yes, "also when it takes more than 8 hours")->group(run_group);
  app.add_flag("--quiet", quiet, "no progress; only the answer")->group(run_group);
}

Result<sweep::Spec> make_spec(SweepFlags& flags) {
  sweep::Spec spec;
  if (flags.file) {
    const auto text = read_file(*flags.file);
    if (!text) return text.error();
    auto read = sweep::parse_spec(*text, *flags.file);
    if (!read) return read.error();
    spec = *std::move(read);
  }
  if (const auto done = add_setting_axes(flags, spec); !done) return done.error();
  if (const auto done = add_own_axes(flags, spec); !done) return done.error();
  if (const auto done = add_service(flags.service, spec); !done) return done.error();
  if (const auto done = lay_plan_over(flags, spec); !done) return done.error();
  if (spec.axes.empty()) {
    return invalid(
        "what to sweep? Give a file (config/sweep.toml) or a list, as --pool-size 1,2,4; see troupe sweep "
        "--help");
  }
  return spec;
}

}  // namespace troupe::cli
