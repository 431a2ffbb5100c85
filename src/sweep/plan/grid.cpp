#include "sweep/plan/grid.hpp"

#include <spdlog/fmt/fmt.h>

#include <algorithm>

#include "actors/database/lanes.hpp"
#include "sim/load/workload_options.hpp"
#include "sim/scenario/scenario_reader.hpp"
#include "support/parse.hpp"
#include "support/read_file.hpp"
#include "support/secret_text.hpp"
#include "support/settings_table.hpp"
#include "support/sha256.hpp"
#include "support/suggest.hpp"
#include "sweep/plan/constraint.hpp"
#include "sweep/plan/variables.hpp"

namespace troupe::sweep {
namespace {

constexpr std::size_t most_cells = 100'000;
constexpr const char* standard_scenario = "mixed";
constexpr const char* standard_transport = "direct";
constexpr const char* standard_users = "64";

bool is_load(const std::string& axis) {
  return axis == "users" || axis == "arrival_rate";
}

void resolve_cost(PlannedCell& planned) {
  auto& configuration = planned.cell.configuration;
  const auto& settings = planned.settings;
  configuration.workers = actors::worker_count(settings.workers);
  configuration.connections = actors::pool_size_of(settings.database, configuration.workers);
}

std::vector<Axis> with_standard_axes(const Spec& spec) {
  std::vector<Axis> axes;
  const auto add = [&](const char* name, const char* standard) {
    const auto* given = spec.find(name);
    axes.push_back(given != nullptr ? *given : Axis{name, {standard}});
  };
  add("scenario", standard_scenario);
  add("transport", spec.service ? "http" : standard_transport);
  for (const auto& axis : spec.axes) {
    if (axis.name != "scenario" && axis.name != "transport" && !is_load(axis.name)) axes.push_back(axis);
  }
  spec.find("arrival_rate") != nullptr ? add("arrival_rate", "") : add("users", standard_users);
  return axes;
}

}  // namespace

CellMaker::CellMaker(const Spec& spec, Settings base, Directories directories)
    : spec_(spec), base_(std::move(base)), directories_(std::move(directories)) {}

Result<std::optional<PlannedCell>> CellMaker::make(const AxisValues& choice) {
  PlannedCell planned;
  planned.choice = choice;
  planned.load_options = spec_.load_options;
  if (const auto done = apply_settings(choice, planned); !done) return done.error();
  if (const auto done = apply_workload(choice, planned); !done) return done.error();
  const auto may = allowed(planned);
  if (!may) return may.error();
  if (!*may) return std::optional<PlannedCell>{};
  return std::optional(std::move(planned));
}

Result<void> CellMaker::apply_settings(const AxisValues& choice, PlannedCell& planned) {
  auto& configuration = planned.cell.configuration;
  planned.settings = base_;
  if (const auto model = choice.find("model"); model != choice.end()) {
    configuration.model = model->second;
    const auto values = model_of(model->second);
    if (!values) return values.error();
    for (const auto& value : *values) {
      if (const auto done = set_setting(planned.settings, value.key, value.text); !done) {
        return invalid(fmt::format("model {}: {}", model->second, done.error().message));
      }
    }
  }
  for (const auto& [axis, value] : choice) {
    if (axis.starts_with(service_axis)) configuration.settings[axis] = value;
    const auto* setting = find_setting(axis);
    if (setting == nullptr) continue;
    if (const auto done = set_setting(planned.settings, axis, value); !done) return done.error();
    configuration.settings[axis] = setting->read(planned.settings);
  }
  if (!spec_.service) resolve_cost(planned);
  return {};
}

Result<void> CellMaker::apply_workload(const AxisValues& choice, PlannedCell& planned) {
  const auto scenario = scenario_of(choice.at("scenario"));
  if (!scenario) return scenario.error();
  planned.scenario = *scenario;
  const auto& transport = choice.at("transport");
  if (transport != "direct" && transport != "http") {
    return invalid(fmt::format("transport must be direct or http, not '{}'", transport));
  }
  planned.transport = harness::transport_kind(transport == "http", *planned.scenario);
  if (const auto why = planned.scenario->why_database(); spec_.service && !why.empty()) {
    return invalid(
        fmt::format("scenario {}: {}, which needs a PostgreSQL of our own: leave out --target, or write "
                    "do = \"request\"",
                    planned.scenario->name, why));
  }
  if (const auto why = planned.scenario->why_targets(); !spec_.service && !why.empty()) {
    return invalid(fmt::format(
        "scenario {}: {}, and a sweep of our own server has no other beside it: it needs --target URL",
        planned.scenario->name, why));
  }
  planned.cell.workload = {planned.scenario->name, transport};
  const auto plan = plan_load(planned, {}, std::chrono::seconds(1), 0);
  if (!plan) return plan.error();
  planned.most_users = sim::users_at_most(**plan);
  planned.items = sim::items_to_make(**plan);
  if ((*plan)->model == sim::LoadModel::open) {
    planned.cell.load.arrival_rate_per_s = (*plan)->profile.peak();
  } else {
    planned.cell.load.users = static_cast<std::uint64_t>((*plan)->profile.peak());
  }
  auto& most = planned.settings.server.max_connections;
  if (!choice.contains("server.max_connections")) most = std::max<std::size_t>(most, planned.most_users + 16);
  return {};
}

Result<std::shared_ptr<const sim::Scenario>> CellMaker::scenario_of(const std::string& name) {
  if (const auto known = scenarios_.find(name); known != scenarios_.end()) return known->second;
  auto scenario = sim::load_scenario(name, directories_.scenarios, spec_.fields);
  if (!scenario) return scenario.error();
  if (scenario->cycle) {
    return invalid(fmt::format(
        "scenario {} has phases: a sweep needs an even load, as shop, mixed, read and write are", name));
  }
  inputs_["scenario " + scenario->name] = {sha256_hex(scenario->text), mask_settings(scenario->text)};
  return scenarios_[name] = std::make_shared<const sim::Scenario>(std::move(*scenario));
}

Result<std::vector<FileValue>> CellMaker::model_of(const std::string& name) {
  if (const auto known = models_.find(name); known != models_.end()) return known->second;
  const bool is_path = name.find('/') != name.npos || name.ends_with(".toml");
  std::vector<std::filesystem::path> candidates;
  if (is_path) candidates.emplace_back(name);
  for (const auto& directory : directories_.models) {
    if (!is_path) candidates.push_back(directory / (name + ".toml"));
  }
  for (const auto& path : candidates) {
    const auto text = read_file(path);
    if (!text) continue;
    auto values = parse_config({path.string(), *text});
    if (!values) return values.error();
    for (const auto& value : *values) {
      const auto may = axis_name(value.key);
      if (!may) return invalid(fmt::format("{}:{}: {}", path.string(), value.line, may.error().message));
    }
    inputs_["model " + name] = {sha256_hex(*text), *text};
    return models_[name] = *std::move(values);
  }
  std::vector<std::string> names;
  std::error_code error;  // a directory that is not there has no models
  for (const auto& directory : directories_.models) {
    for (const auto& entry : std::filesystem::directory_iterator(directory, error))
      names.push_back(entry.path().stem());
  }
  std::ranges::sort(names);
  names.erase(std::unique(names.begin(), names.end()), names.end());
  const std::vector<std::string_view> known(names.begin(), names.end());
  return invalid(fmt::format("unknown model {}: it must be a .toml file{}", name,
                             known.empty() ? "" : " or one of " + list_words(known)));
}

Result<bool> CellMaker::allowed(const PlannedCell& planned) const {
  if (spec_.constraints.empty()) return true;
  const auto variables = variables_of(planned, spec_);
  for (const auto& constraint : spec_.constraints) {
    auto may = holds(constraint, variables);
    if (!may || !*may) return may;
  }
  return true;
}

Result<Grid> make_grid(const Spec& spec, CellMaker& maker) {
  if (spec.find("users") != nullptr && spec.find("arrival_rate") != nullptr) {
    return invalid("users and arrival_rate contradict each other: a sweep has one kind of load");
  }
  for (const auto* name : {"arrivals", "max_in_flight", "max_backlog"}) {
    if (spec.load_options.contains(name) && spec.find("arrival_rate") == nullptr)
      return invalid(
          fmt::format("{} only goes with arrival rates: give arrival_rate, or leave it out", name));
  }
  Grid grid{with_standard_axes(spec), {}, 0};
  std::size_t combinations = 1;
  for (const auto& axis : grid.axes) {
    combinations *= axis.values.size();
    if (combinations > most_cells) {
      return invalid(fmt::format("the grid has more than {} cells: leave out values", most_cells));
    }
  }
  for (std::size_t number = 0; number < combinations; ++number) {
    AxisValues choice;
    auto rest = number;
    for (const auto& axis : grid.axes) {
      choice[axis.name] = axis.values[rest % axis.values.size()];
      rest /= axis.values.size();
    }
    auto planned = maker.make(choice);
    if (!planned) return planned.error();
    *planned ? grid.cells.push_back(**std::move(planned)) : void(++grid.left_out);
  }
  if (grid.cells.empty()) {
    return invalid(
        fmt::format("the grid is empty: the constraints leave out all of its {} cells", combinations));
  }
  std::ranges::sort(grid.cells, {}, &PlannedCell::cell);
  const auto twice = std::ranges::adjacent_find(grid.cells, {}, &PlannedCell::cell);
  if (twice != grid.cells.end()) {
    return invalid(
        fmt::format("two values of an axis mean the same ({}): leave one out", describe(twice->cell)));
  }
  return grid;
}

Result<std::shared_ptr<const sim::Plan>> plan_load(const PlannedCell& planned, Duration warm_up,
                                                   Duration duration, std::uint64_t seed) {
  sim::WorkloadOptions options;
  const auto given = [&](const char* axis) -> std::optional<std::string> {
    const auto found = planned.choice.find(axis);
    return found != planned.choice.end() ? std::optional(found->second) : std::nullopt;
  };
  options.users = given("users");
  options.arrival_rate = given("arrival_rate");
  const auto text = [](Duration length) {
    return fmt::format("{}ms", std::chrono::ceil<std::chrono::milliseconds>(length).count());
  };
  const auto option = [&](const char* name, std::optional<std::string>& to) {
    const auto found = planned.load_options.find(name);
    if (found != planned.load_options.end()) to = found->second;
  };
  option("timeout", options.timeout);
  option("max_backlog", options.max_backlog);
  option("arrivals", options.arrivals);
  option("max_in_flight", options.users);
  options.duration = text(warm_up + duration);
  options.warm_up = text(warm_up);
  options.seed = std::to_string(seed);
  return sim::make_plan(*planned.scenario, options);
}

}  // namespace troupe::sweep
