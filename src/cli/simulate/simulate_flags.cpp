#include "cli/simulate/simulate_flags.hpp"

#include <spdlog/fmt/fmt.h>

#include <array>
#include <cstdint>
#include <set>

#include "cli/common/output_flags.hpp"
#include "cli/common/startup.hpp"
#include "sim/scenario/scenario_reader.hpp"
#include "support/config_places.hpp"
#include "support/parse.hpp"

namespace troupe::cli {

namespace {

constexpr const char* load_group = "Load";
constexpr const char* target_group = "Target";
constexpr const char* verdict_group = "Pass or fail";

Result<void> refuse_contradictions(const SimulateFlags& flags) {
  if (flags.transport && *flags.transport != "direct" && *flags.transport != "http") {
    return invalid(fmt::format("--transport must be direct or http, not '{}'", *flags.transport));
  }
  const auto& load = flags.workload;
  const bool loads = load.users || load.duration || load.arrival_rate || load.arrivals || load.spawn_rate ||
                     load.spike || !load.stages.empty() || !flags.fail_if.empty() || flags.record;
  if (flags.check && loads)
    return invalid(
        "--check is one pass of one user: leave out what is about a load, its record or its verdict");
  if (flags.abort_on_fail && flags.fail_if.empty()) return invalid("--abort-on-fail needs a --fail-if");
  if (flags.abort_on_fail && flags.workload.warm_up == "auto") {
    return invalid(
        "--abort-on-fail and --warm-up auto contradict each other: what is warm-up is only known at the end");
  }
  if (!flags.target() && flags.client.any())
    return invalid(
        "--cacert, --insecure, --resolve and --no-check are about an outside server: they need --target");
  if (flags.client.insecure && !flags.client.options.tls.ca_file.empty())
    return invalid("--cacert and --insecure contradict each other: leave out one of them");
  if (flags.target()) {
    if (flags.transport == "direct") {
      return invalid(
          "--target and --transport direct contradict each other: an outside server is reached over http "
          "only");
    }
    if (!flags.stand_in_database.empty()) {
      return invalid(
          "--target and --stand-in-database contradict each other: an outside server brings its own "
          "database");
    }
    for (const auto& [key, value] : flags.settings.values) {
      if (!key.starts_with("server.") && !key.starts_with("database.")) continue;
      return invalid(fmt::format(
          "--target and the setting {} contradict each other: it is for a server of our own", key));
    }
  }
  const auto& values = flags.settings.values;
  if (values.contains("database.resources") && !flags.stand_in_database.empty())
    return invalid("--resources and --stand-in-database contradict each other: a stand-in has no tables");
  const bool kept = values.contains("database.url") || values.contains("database.data_dir");
  if (values.contains("database.table") && !flags.use_table && kept)
    return invalid("--table needs --use-table: users create, change and delete items there");
  if (flags.use_table && (flags.target() || !flags.stand_in_database.empty()))
    return invalid("--use-table only goes with a PostgreSQL: leave out --target and --stand-in-database");
  if (flags.stand_in_database.empty()) return {};
  for (const auto* key : {"database.url", "database.data_dir"}) {
    if (flags.settings.values.contains(key)) {
      return invalid(fmt::format("--stand-in-database and the setting {} contradict each other", key));
    }
  }
  return {};
}

/// What tasks need of the database is there, and nobody's rows are changed unasked.
Result<void> refuse_other_rows(const SimulateFlags& flags, const sim::Scenario& scenario) {
  const auto& values = flags.settings.values;
  const bool ours = !flags.target() && flags.stand_in_database.empty();
  if (const auto why = scenario.why_database(); !ours && !why.empty()) {
    return invalid(
        fmt::format("scenario {}: {}, which needs a PostgreSQL of our own: leave out {}, or write do = "
                    "\"request\"",
                    scenario.name, why, flags.target() ? "--target" : "--stand-in-database"));
  }
  if (const auto why = scenario.why_resources(); !values.contains("database.resources") && !why.empty())
    return invalid(fmt::format("scenario {}: {}, which needs --resources FILE or auto", scenario.name, why));
  // With a URL --resources works on a copy; statements of a task's own (do = "sql") know of none without it.
  const bool resources = values.contains("database.resources");
  const bool data_dir = values.contains("database.data_dir");
  const bool kept = data_dir || (!resources && values.contains("database.url"));
  const bool others = resources ? scenario.writes() : scenario.writes_by_sql();
  if (kept && others && !flags.use_table) {
    return invalid(fmt::format("scenario {} changes rows: on a database that is kept that needs --use-table",
                               scenario.name));
  }
  if (!values.contains("database.resources") && flags.copy.any())
    return invalid("--sample, --rows and --read-only are about tables of your own: they need --resources");
  return {};
}

Result<std::vector<sim::Threshold>> read_thresholds(const std::vector<std::string>& texts,
                                                    const sim::Scenario& scenario) {
  std::vector<std::string> names;
  for (const auto& task : scenario.tasks) names.push_back(task.name);
  std::vector<sim::Threshold> thresholds;
  for (const auto& text : texts) {
    auto threshold = sim::parse_threshold(text);
    if (!threshold) return invalid("--fail-if: " + threshold.error().message);
    if (const auto known = sim::check_task(*threshold, names); !known)
      return invalid("--fail-if: " + known.error().message);
    thresholds.push_back(std::move(*threshold));
  }
  return thresholds;
}

Result<void> read_metrics_port(const SimulateFlags& flags, SimulatePlan& out) {
  if (!flags.metrics_port) return {};
  const auto port = parse_count(*flags.metrics_port);
  if (!port || *port > UINT16_MAX)
    return invalid(
        fmt::format("--metrics-port must be a port from 0 to 65535, not '{}'", *flags.metrics_port));
  out.metrics_port = static_cast<std::uint16_t>(*port);
  return {};
}

/// Every "after TIME:" keeps statistics of its own, and lies within the run.
Result<void> check_times(const SimulatePlan& plan) {
  constexpr std::size_t most_times = 8;
  std::set<Duration> times;
  for (const auto& threshold : plan.pass_or_fail.thresholds) {
    if (threshold.after == Duration{}) continue;
    times.insert(threshold.after);
    if (plan.plan->model != sim::LoadModel::cycle && threshold.after >= plan.plan->profile.length())
      return invalid(
          fmt::format("--fail-if '{}': the load is over by then: raise --duration", threshold.text));
  }
  if (times.size() <= most_times) return {};
  return invalid(fmt::format("--fail-if: at most {} different times after which it is judged", most_times));
}

/// A flag with one value, of which the last counts.
void add_text(CLI::App& app, const char* group, const char* flag, std::optional<std::string>& to,
              const char* value, const char* help) {
  app.add_option(flag, to, help)->type_name(value)->group(group)->take_last();
}

void add_load(CLI::App& app, sim::WorkloadOptions& load) {
  const auto text = [&](const char* flag, std::optional<std::string>& to, const char* value,
                        const char* help) { add_text(app, load_group, flag, to, value, help); };
  text("-u,--users", load.users, "N",
       "users at once (10); with --arrival-rate: requests under way at most (1000)");
  text("-r,--spawn-rate", load.spawn_rate, "N", "users spawned per second; default: all at once");
  text("-t,--duration,--run-time", load.duration, "TIME", "how long requests are begun (30s)");
  text("--arrival-rate", load.arrival_rate, "N",
       "requests begun per second, whatever became of those before");
  text("--arrivals", load.arrivals, "HOW", "constant or poisson (poisson)");
  app.add_option("--stage", load.stages,
                 "TIME:LEVEL, again and again: users (with --arrivals: requests per second) move in a "
                 "straight line to LEVEL within TIME")
      ->type_name("TIME:LEVEL")
      ->group(load_group)
      ->allow_extra_args(false)
      ->take_all();
  text("--spike", load.spike, "START:WIDTH:LEVEL",
       "LEVEL instead of the usual load, from START on, for WIDTH");
  text("--items", load.items, "N", "crud: items to create, read, update and delete (500)");
  text("--concurrency", load.concurrency, "N", "crud: requests at once (20)");
  text("--warm-up", load.warm_up, "TIME|auto",
       "not counted, after the ramp; auto: found by MSER-5, the default from 20s on");
  text("--max-backlog", load.max_backlog, "N",
       "arrivals that wait for one of --users at most, the others are dropped (100000)");
  text("--timeout", load.timeout, "TIME", "for an answer, with connecting (10s)");
  text("--seed", load.seed, "N", "repeats every random choice of a run");
  text("--stop-after", load.stop_after, "N",
       "begin that many requests in all, those of a warm-up included, and end once they were answered; "
       "--duration, then 1h, at the latest");
}

void add_target(CLI::App& app, SimulateFlags& flags) {
  add_text(app, target_group, "--transport", flags.transport, "HOW",
           "direct: messages to the database actors, or HTTP in memory; http: real sockets");
  app.add_option("-H,--host,--target", flags.targets,
                 "instead of our own: http://HOST:PORT, https://HOST, unix:/PATH; or NAME=URL")
      ->type_name("[NAME=]URL")
      ->group(target_group)
      ->allow_extra_args(false)
      ->take_all();
  flags.client.add_to(app, target_group);
  flags.fields.add_to(app, target_group);
  app.add_flag("--stand-in-database{instant}", flags.stand_in_database,
               "without PostgreSQL: at once, or =fixed:5ms, =exponential:5ms, =serial:5ms")
      ->group(target_group)
      ->take_last();
  app.add_flag("--use-table", flags.use_table,
               "with --database-url or --data-dir: work on the tables there (--table, --resources), not on a "
               "copy or a "
               "table made for this run")
      ->group(target_group);
  flags.copy.add_to(app, target_group);
}

}  // namespace

void SimulateFlags::add_to(CLI::App& app) {
  const auto text = [&](const char* group, const char* flag, std::optional<std::string>& to,
                        const char* value, const char* help) { add_text(app, group, flag, to, value, help); };
  app.add_option("--scenario", scenario, "what users do: a name in config/scenarios or a .toml file (shop)")
      ->type_name("NAME")
      ->group(load_group)
      ->take_last();
  add_load(app, workload);
  add_target(app, *this);
  app.add_option("--fail-if", fail_if,
                 "exit 4 if this holds, as 'p99 > 50ms', 'get.p99 > 20ms' or 'error_rate > 0.1%'")
      ->type_name("CONDITION")
      ->group(verdict_group)
      ->allow_extra_args(false)
      ->take_all();
  app.add_flag("--check", check,
               "does each task once and prints every request and answer; a fault is exit code 4")
      ->group(verdict_group);
  app.add_flag("--abort-on-fail", abort_on_fail, "end the run as soon as a --fail-if holds")
      ->group(verdict_group);
  app.add_flag("--strict", strict, "exit 5 if the load generator was the bottleneck")->group(verdict_group);
  text("Outputs", "--record", record, "FILE",
       "a new file to which every second is appended: a crash loses a second");
  text("Outputs", "--log", log, "FILE|-",
       "a line of JSON a second while it runs; an older log is begun anew, another file is left alone");
  text("Outputs", "--metrics-port", metrics_port, "N",
       "serve /metrics for Prometheus on this loopback port while it runs; 0 picks a free one, which is "
       "printed");
  app.add_flag("--quiet", quiet, "no line each second and no table at the end")->group("Outputs");
  app.add_flag("--headless", headless, "taken for Locust's sake: there is no other way")->group("Outputs");
}

std::optional<std::string> SimulateFlags::target() const {
  std::optional<std::string> last;
  for (const auto& text : targets) {
    if (auto said = sim::read_named_target(text); said.name.empty()) last = std::move(said.url);
  }
  return last;
}

namespace {

/// Where the servers are that the scenario names, as --target NAME=URL says.
Result<void> move_targets(const SimulateFlags& flags, sim::Scenario& scenario) {
  for (const auto& text : flags.targets) {
    const auto said = sim::read_named_target(text);
    if (said.name.empty() || scenario.move_target(said)) continue;
    return invalid(fmt::format("--target '{}': scenario {} has no {} among its [targets]", text,
                               scenario.name, said.name));
  }
  if (const auto why = scenario.why_targets(); !flags.target() && !why.empty())
    return invalid(
        fmt::format("scenario {}: {}, beside an outside server of the run's own: it needs --target "
                    "URL",
                    scenario.name, why));
  return {};
}

/// All files that a run may write.
std::vector<UsedFile> outputs_of(const SimulateFlags& flags) {
  auto files = files_of(flags.outputs);
  if (flags.record) files.push_back({"--record", *flags.record});
  if (flags.log) files.push_back({"--log", *flags.log});
  return files;
}

/// Those that it was told to read.
std::vector<UsedFile> inputs_of(const SimulateFlags& flags, const sim::Scenario& scenario) {
  std::vector<UsedFile> files{{"the scenario", scenario.file}};
  const auto add_data = [&](const std::shared_ptr<const sim::DataRows>& data) {
    if (data) files.push_back({"the scenario's data", data->file});
  };
  add_data(scenario.data);
  for (const auto& users : scenario.classes) add_data(users.data);
  if (flags.settings.config) files.push_back({"--config", *flags.settings.config});
  const auto& values = flags.settings.values;
  if (const auto resources = values.find("database.resources"); resources != values.end())
    files.push_back({"--resources", resources->second});
  if (const auto& authorities = flags.client.options.tls.ca_file; !authorities.empty())
    files.push_back({"--cacert", authorities});
  return files;
}

}  // namespace

bool SimulateFlags::uses_standard_output() const {
  return outputs.uses_standard_output() || log == "-";
}

Result<SimulatePlan> make_simulate_plan(const SimulateFlags& flags) {
  if (const auto done = refuse_contradictions(flags); !done) return done.error();
  const auto fields = flags.fields.fields();
  if (!fields) return fields.error();
  auto scenario = sim::load_scenario(flags.scenario, config_places("scenarios"), *fields);
  if (!scenario) return scenario.error();
  if (const auto done = refuse_other_rows(flags, *scenario); !done) return done.error();
  if (const auto done = move_targets(flags, *scenario); !done) return done.error();
  SimulatePlan out;
  out.url = flags.target();
  out.http = flags.target() || flags.transport == "http" || (!flags.transport && scenario->needs_http());
  if (!flags.stand_in_database.empty()) {
    const auto stand_in = stand_in::parse_stand_in(flags.stand_in_database);
    if (!stand_in) return invalid("--stand-in-database: " + stand_in.error().message);
    out.stand_in = *stand_in;
  }
  auto thresholds = read_thresholds(flags.fail_if, *scenario);
  if (!thresholds) return thresholds.error();
  out.pass_or_fail = {std::move(*thresholds), flags.abort_on_fail};
  if (const auto done = read_metrics_port(flags, out); !done) return done.error();
  auto workload = flags.workload;
  if (flags.check) workload.users = "1";  // one of each class, so that a row of data for each will do
  const bool ends_early = flags.abort_on_fail || workload.stop_after;
  if (ends_early && !workload.warm_up && !scenario->cycle) workload.warm_up = "0s";
  if (workload.stop_after && !workload.duration && workload.stages.empty() && !scenario->cycle)
    workload.duration = "1h";
  auto plan = sim::make_plan(std::move(*scenario), workload);
  if (!plan) return plan.error();
  out.plan = std::move(*plan);
  if (const auto done = check_times(out); !done) return done.error();
  if (const auto done = sim::check_outputs(flags.outputs); !done) return done.error();
  if (flags.record == "-") return invalid("--record must be a file: standard output cannot be gone back to");
  if (const auto done = refuse_same_files(outputs_of(flags), inputs_of(flags, *out.plan->scenario)); !done)
    return done.error();
  return out;
}

}  // namespace troupe::cli
