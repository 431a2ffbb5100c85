#include "sim/load/plan.hpp"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <string_view>

#include "sim/load/workload_options.hpp"
#include "support/parse.hpp"

namespace troupe::sim {
namespace {

constexpr std::uint64_t default_users = 10;
constexpr std::uint64_t default_open_users = 1'000;
constexpr std::uint64_t most_users = 1'000'000;
constexpr std::uint64_t most_backlog = 10'000'000;
constexpr std::uint64_t most_requests = 1'000'000'000'000;
constexpr double most_arrivals_per_s = 10'000'000;
constexpr Duration default_duration = std::chrono::seconds(30);
constexpr Duration longest_duration = std::chrono::hours(24 * 7);
// Enough that deletes and creates may come in any order; not so many that a run of many users begins late.
constexpr std::uint64_t standard_items_per_user = 5;
constexpr std::uint64_t most_standard_items = 10'000;
// MSER-5 needs that many seconds before it can say anything.
constexpr Duration shortest_for_auto = std::chrono::seconds(20);

/// Thrown by the readers below and turned into an Error at the edge.
struct Fault {
  std::string message;
};

[[noreturn]] void fail(std::string message) {
  throw Fault{std::move(message)};
}

std::uint64_t read_count(std::string_view flag, const std::string& text, std::uint64_t most) {
  const auto value = troupe::parse_count(text);
  if (!value || *value == 0 || *value > most) {
    fail(fmt::format("{} must be a whole number from 1 to {}, not '{}'", flag, most, text));
  }
  return *value;
}

double read_rate(std::string_view flag, const std::string& text) {
  const auto value = parse_number(text);
  if (!value || !(*value > 0) || *value > most_arrivals_per_s) {
    fail(fmt::format("{} must be a number above 0 and at most {} (per second), not '{}'", flag,
                     most_arrivals_per_s, text));
  }
  return *value;
}

Duration read_duration(std::string_view flag, const std::string& text) {
  // Locust takes a bare number as seconds.
  const bool bare = troupe::parse_count(text).has_value();
  const auto value = parse_duration(bare ? text + "s" : text);
  if (!value || *value <= Duration{} || *value > longest_duration) {
    fail(fmt::format("{} must be a duration above 0 and a week at most, as in 30s or 1m30s, not '{}'", flag,
                     text));
  }
  return *value;
}

ArrivalProcess read_arrivals(std::string_view text) {
  for (const auto process : {ArrivalProcess::constant, ArrivalProcess::poisson}) {
    if (text == to_string(process)) return process;
  }
  fail(fmt::format("--arrivals must be constant or poisson, not '{}'", text));
}

struct Spike {
  Duration start, width;
  double peak = 0;
};

Spike read_spike(const std::string& text) {
  const auto fault = [&] {
    fail(fmt::format("--spike must be START:WIDTH:PEAK, as in 10s:5s:500, not '{}'", text));
  };
  const auto first = text.find(':');
  const auto second = text.find(':', first + 1);
  if (first == text.npos || second == text.npos) fault();
  const auto start = parse_duration(text.substr(0, first));
  const auto width = parse_duration(text.substr(first + 1, second - first - 1));
  const auto peak = parse_number(text.substr(second + 1));
  if (!start || !width || !peak || *width <= Duration{} || !(*peak > 0) || *peak > most_arrivals_per_s)
    fault();
  return {*start, *width, *peak};
}

/// Two flags that cannot both be meant.
struct Contradiction {
  std::string_view flag, other, why;
  bool both;
};

void refuse_contradictions(const WorkloadOptions& o) {
  const bool staged = !o.stages.empty();
  const Contradiction pairs[] = {
      {"--stage", "--users", "the stages say how many users there are", staged && o.users && !o.arrivals},
      {"--stage", "--arrival-rate", "say the rates in the stages, with --arrivals", staged && o.arrival_rate},
      {"--stage", "--duration", "the stages say how long the run takes", staged && o.duration},
      {"--stage", "--spawn-rate", "the stages say how fast users come", staged && o.spawn_rate},
      {"--stage", "--spike", "write the spike as stages", staged && o.spike},
      {"--arrival-rate", "--spawn-rate", "arrivals do not depend on how fast users come",
       o.arrival_rate && o.spawn_rate},
      {"--spike", "--spawn-rate", "a spike begins with all users", o.spike && o.spawn_rate},
  };
  for (const auto& pair : pairs) {
    if (pair.both) fail(fmt::format("{} and {} contradict each other: {}", pair.flag, pair.other, pair.why));
  }
  if (o.arrivals && !o.arrival_rate && !staged)
    fail("--arrivals needs --arrival-rate, or --stage with rates");
}

void refuse_flags_of_a_cycle(const WorkloadOptions& o, const Scenario& scenario) {
  const std::pair<std::string_view, bool> of_a_cycle[] = {{"--items", o.items.has_value()},
                                                          {"--concurrency", o.concurrency.has_value()}};
  const std::pair<std::string_view, bool> of_a_mix[] = {
      {"--users", o.users.has_value()},       {"--spawn-rate", o.spawn_rate.has_value()},
      {"--duration", o.duration.has_value()}, {"--arrival-rate", o.arrival_rate.has_value()},
      {"--arrivals", o.arrivals.has_value()}, {"--stage", !o.stages.empty()},
      {"--spike", o.spike.has_value()},       {"--warm-up", o.warm_up.has_value()}};
  if (scenario.cycle) {
    for (const auto& [flag, given] : of_a_mix) {
      if (given)
        fail(fmt::format("{} does not go with scenario {}, a cycle: use --items and --concurrency", flag,
                         scenario.name));
    }
  } else {
    for (const auto& [flag, given] : of_a_cycle) {
      if (given) fail(fmt::format("{} only goes with a scenario that has a [cycle], as crud does", flag));
    }
  }
}

std::vector<Stage> read_stages(const std::vector<std::string>& texts, bool users) {
  std::vector<Stage> stages;
  Duration length{};
  for (const auto& text : texts) {
    const auto stage = parse_stage(text);
    if (!stage) fail("--" + stage.error().message);
    if (stage->target > (users ? static_cast<double>(most_users) : most_arrivals_per_s))
      fail(fmt::format("--stage '{}': the target is too large", text));
    length += stage->length;
    stages.push_back(*stage);
  }
  if (length <= Duration{} || length > longest_duration)
    fail("--stage: the stages together must take more than no time, and a week at most");
  if (std::none_of(stages.begin(), stages.end(), [](const Stage& stage) { return stage.target > 0; }))
    fail("--stage: one target at least must be above 0");
  return stages;
}

void plan_load(const WorkloadOptions& o, Plan& plan) {
  const bool open = o.arrival_rate || o.arrivals;
  plan.model = open ? LoadModel::open : LoadModel::closed;
  if (o.arrivals) plan.arrivals = read_arrivals(*o.arrivals);
  if (open) plan.most_users = o.users ? read_count("--users", *o.users, most_users) : default_open_users;
  if (!o.stages.empty()) {
    plan.stages = read_stages(o.stages, !open);
    plan.profile = Profile(plan.stages);
    return;
  }
  const auto duration = o.duration ? read_duration("--duration", *o.duration) : default_duration;
  const double level = open      ? read_rate("--arrival-rate", *o.arrival_rate)
                       : o.users ? static_cast<double>(read_count("--users", *o.users, most_users))
                                 : static_cast<double>(default_users);
  if (o.spike) {
    const auto spike = read_spike(*o.spike);
    if (spike.start >= duration) fail("--spike begins after the end of the run: raise --duration");
    plan.profile = Profile::spike(level, spike.peak, spike.start, spike.width, duration);
    const auto width = std::min(spike.width, duration - spike.start);
    plan.stages = {{{}, level},         {spike.start, level}, {{}, spike.peak},
                   {width, spike.peak}, {{}, level},          {duration - spike.start - width, level}};
    return;
  }
  if (o.spawn_rate) {
    const auto spawn_rate = read_rate("--spawn-rate", *o.spawn_rate);
    plan.profile = Profile::ramp(level, spawn_rate, duration);
    const double ramp_s = level / spawn_rate;
    if (ramp_s >= to_seconds(duration)) {
      fail(
          fmt::format("--spawn-rate {} reaches {} users only after {:.0f} s, when the run is over: raise it "
                      "or --duration",
                      *o.spawn_rate, level, std::ceil(ramp_s)));
    }
    plan.ramp = from_seconds(ramp_s);
    plan.stages = {{plan.ramp, level}, {duration - plan.ramp, level}};
    return;
  }
  plan.profile = Profile::constant(level, duration);
  plan.stages = {{{}, level}, {duration, level}};
}

void plan_warm_up(const WorkloadOptions& o, Plan& plan) {
  const auto steady = plan.profile.length() - plan.ramp;
  if (!o.warm_up) {
    // A load that keeps changing has no steady state to wait for.
    const bool even = o.stages.empty() && !o.spike;
    if (even && steady >= shortest_for_auto) plan.warm_up = {std::nullopt};
    return;
  }
  const auto warm_up = parse_warm_up(*o.warm_up);
  if (!warm_up) fail("--" + warm_up.error().message);
  if (warm_up->fixed && *warm_up->fixed >= steady) {
    fail(fmt::format("--warm-up {} leaves nothing of the run to measure: raise --duration", *o.warm_up));
  }
  plan.warm_up = *warm_up;
}

void plan_cycle(const WorkloadOptions& o, Scenario& scenario, Plan& plan) {
  if (o.items) scenario.cycle->items = read_count("--items", *o.items, 10'000'000);
  if (o.concurrency) scenario.cycle->concurrency = read_count("--concurrency", *o.concurrency, 100'000);
  plan.model = LoadModel::cycle;
  plan.most_users = std::min(scenario.cycle->concurrency, scenario.cycle->items);
}

/// A user that needs a row and has none creates one, or takes one that was there before. Whether a table of
/// the user's own has rows is found out later.
void refuse_missing_items(const Scenario& scenario) {
  for (const auto& resource : scenario.resources()) {
    if (!scenario.needs_keys_of(resource) || scenario.creates(resource)) continue;
    const bool none_made = scenario.existing_items == 0 && scenario.items_per_user.value_or(0) == 0;
    if (resource == items_resource && none_made)
      fail(fmt::format("scenario {} needs items, but creates none: add a create task or existing_items",
                       scenario.name));
    if (scenario.removes(resource))
      fail(fmt::format("scenario {} deletes {}, but creates none: add a create task", scenario.name,
                       resource));
  }
}

/// Arrivals come when they come, and whoever is free takes them.
void refuse_users_of_arrivals(const Scenario& scenario, const Plan& plan) {
  if (plan.model != LoadModel::open) return;
  const bool paced =
      std::ranges::any_of(scenario.classes, [](const UserClass& one) { return one.every.has_value(); });
  if (!paced && !scenario.limits_iterations()) return;
  fail(fmt::format(
      "scenario {} says how often its users work (every, iterations, total_iterations): that does "
      "not go with --arrival-rate or --arrivals",
      scenario.name));
}

/// Rows of data that no two users may have.
void refuse_too_few_rows(const Scenario& scenario, std::uint64_t users) {
  std::vector<std::uint64_t> of_class(scenario.classes.size());
  const auto places = scenario.places.size();
  for (std::size_t i = 0; i < places; ++i)
    of_class[scenario.places[i].user_class] += users / places + (i < users % places ? 1 : 0);
  for (std::size_t i = 0; i < of_class.size(); ++i) {
    const auto& one = scenario.classes[i];
    if (!one.data || one.mode != DataMode::unique || of_class[i] <= one.data->rows.size()) continue;
    fail(
        fmt::format("scenario {}: its data{} have {} rows, and each of {} users needs one of its own (mode = "
                    "\"unique\"): add rows, or lower --users",
                    scenario.name, one.name.empty() ? "" : fmt::format(" of the users '{}'", one.name),
                    one.data->rows.size(), of_class[i]));
  }
}

}  // namespace

std::string_view to_string(LoadModel model) {
  constexpr std::string_view names[] = {"closed", "open", "cycle"};
  return names[static_cast<std::size_t>(model)];
}

std::uint64_t users_at_most(const Plan& plan) {
  return plan.model == LoadModel::closed ? static_cast<std::uint64_t>(plan.profile.peak()) : plan.most_users;
}

std::uint64_t items_to_make(const Plan& plan) {
  const auto& scenario = *plan.scenario;
  if (scenario.cycle || !scenario.needs_keys_of(items_resource)) return scenario.existing_items;
  // Arrivals have no users; those of a second need an item each.
  const auto users =
      plan.model == LoadModel::open
          ? std::min(plan.most_users, static_cast<std::uint64_t>(std::ceil(plan.profile.peak())))
          : users_at_most(plan);
  if (scenario.items_per_user)
    return std::max<std::uint64_t>(scenario.existing_items, *scenario.items_per_user * users);
  if (scenario.existing_items > 0 || !scenario.creates(items_resource)) return scenario.existing_items;
  return std::min(standard_items_per_user * users, most_standard_items);
}

Result<std::shared_ptr<const Plan>> make_plan(Scenario scenario, const WorkloadOptions& options) {
  try {
    auto plan = std::make_shared<Plan>();
    refuse_flags_of_a_cycle(options, scenario);
    refuse_contradictions(options);
    if (options.seed) {
      const auto seed = troupe::parse_count(*options.seed);
      if (!seed) fail(fmt::format("--seed must be a whole number, not '{}'", *options.seed));
      plan->seed = *seed;
    } else {
      plan->seed = std::random_device{}();
    }
    if (options.max_backlog) {
      if (!options.arrival_rate && !options.arrivals)
        fail("--max-backlog only goes with --arrival-rate or --arrivals");
      plan->max_backlog = read_count("--max-backlog", *options.max_backlog, most_backlog);
    }
    if (options.stop_after) plan->stop_after = read_count("--stop-after", *options.stop_after, most_requests);
    if (options.timeout) plan->timeout = read_duration("--timeout", *options.timeout);
    if (scenario.cycle) {
      plan_cycle(options, scenario, *plan);
    } else {
      refuse_missing_items(scenario);
      plan_load(options, *plan);
      plan_warm_up(options, *plan);
      refuse_users_of_arrivals(scenario, *plan);
      refuse_too_few_rows(scenario, users_at_most(*plan));
    }
    plan->scenario = std::make_shared<const Scenario>(std::move(scenario));
    return std::shared_ptr<const Plan>(std::move(plan));
  } catch (const Fault& fault) {
    return Error{ErrorCode::invalid_argument, fault.message};
  }
}

}  // namespace troupe::sim
