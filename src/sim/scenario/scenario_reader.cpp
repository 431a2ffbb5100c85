#include "sim/scenario/scenario_reader.hpp"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <iterator>
#include <set>

#include "sim/scenario/item_data.hpp"
#include "sim/scenario/request_reader.hpp"
#include "sim/scenario/steps_reader.hpp"
#include "sim/scenario/task_reader.hpp"
#include "sim/scenario/think_time_reader.hpp"
#include "sim/scenario/user_reader.hpp"
#include "sim/scenario/variable_names.hpp"
#include "support/read_file.hpp"
#include "support/text_width.hpp"
#include "support/toml_reader.hpp"

namespace troupe::sim {
namespace {

namespace fs = std::filesystem;

constexpr std::int64_t max_existing_items = 10'000'000;
constexpr std::int64_t max_cycle_items = 10'000'000;
constexpr std::int64_t max_cycle_concurrency = 100'000;
constexpr std::int64_t max_items_per_user = 10'000;
constexpr std::int64_t max_sample = 1'000'000;
constexpr std::size_t most_targets = 20;
constexpr std::size_t most_scenario_bytes = std::size_t{16} << 20;

constexpr std::array cycle_phases{Operation::create, Operation::get, Operation::update, Operation::remove};

class ScenarioReader {
 public:
  ScenarioReader(const toml::table& root, const fs::path& file, const std::vector<FieldText>& fields)
      : file_(file.string()),
        folder_(file.parent_path()),
        top_(root, "", file_,
             {"description", "think_time", "keys",       "existing_items",   "items_per_user",
              "sample",      "data",       "paths",      "headers",          "auth",
              "follow",      "every",      "iterations", "total_iterations", "task",
              "user",        "cycle",      "setup",      "teardown",         "targets"}) {
    scenario_.name = file.stem().string();
    scenario_.file = file_;
    context_.fields = merge_fields(read_fields(top_), fields);
    context_.follow = read_follow(top_, 0);
  }

  Scenario read() {
    scenario_.description = top_.text("description", "");
    scenario_.existing_items =
        static_cast<std::size_t>(top_.integer("existing_items", 0, max_existing_items, 0));
    if (top_.has("items_per_user")) {
      scenario_.items_per_user =
          static_cast<std::size_t>(top_.integer("items_per_user", 0, max_items_per_user, 0));
    }
    scenario_.sample = static_cast<std::size_t>(
        top_.integer("sample", 1, max_sample, static_cast<std::int64_t>(scenario_.sample)));
    if (top_.has("data")) {
      auto data = read_data(top_, folder_, scenario_.text);
      scenario_.data = data.rows;
      scenario_.data_mode = data.mode;
      context_.data = data.rows;
    }
    if (const auto* table = top_.table("think_time")) scenario_.think_time = read_think_time(*table, file_);
    if (const auto* table = top_.table("keys")) scenario_.keys = read_keys(*table, file_);
    if (const auto* paths = top_.table("paths")) read_paths(*paths);
    scenario_.collection_path = context_.collection_path;
    if (top_.has("cycle") == (top_.has("task") || top_.has("user"))) {
      top_.fail("task", "needs either [[task]] or [[user]] entries, or one [cycle]");
    }
    if (const auto* targets = top_.table("targets")) read_targets(*targets);
    context_.targets = scenario_.targets;
    scenario_.set_variables(read_variable_names(top_));
    scenario_.setup = read_steps(top_, "setup", context_, scenario_);
    scenario_.teardown = read_steps(top_, "teardown", context_, scenario_);
    if (top_.has("cycle")) {
      read_cycle();
    } else {
      UserReader(top_, folder_, context_, scenario_).read();
    }
    if (std::ranges::any_of(scenario_.tasks, &Task::on_items)) read_create();
    if (scenario_.cycle && scenario_.items_per_user) {
      top_.fail("items_per_user", "does not go with [cycle], whose items are its own");
    }
    check_items();
    return std::move(scenario_);
  }

 private:
  void read_paths(const toml::table& paths) {
    const TomlReader reader(paths, "paths", file_, {"collection", "item"});
    auto& collection = context_.collection_path;
    auto& item = context_.item_path;
    collection = reader.text("collection", collection);
    item = reader.text("item", item);
    check_path(reader, "collection", collection);
    check_path(reader, "item", item);
    if (item.find("{id}") == std::string::npos) reader.fail("item", "must contain {id}");
  }

  void read_targets(const toml::table& targets) {
    if (targets.size() > most_targets) top_.fail("targets", fmt::format("are more than {}", most_targets));
    for (const auto& [key, value] : targets) {
      NamedTarget target{std::string(key.str()), value.value_exact<std::string>().value_or("")};
      const auto name = fmt::format("targets.{}", target.name);
      if (!is_target_name(target.name)) top_.fail(value, name, "must be a name of letters, digits, _ and -");
      if (target.url.empty()) top_.fail(value, name, "must be a URL in quotes: \"http://HOST:PORT\"");
      scenario_.targets.push_back(std::move(target));
    }
  }

  void read_create() {
    try {
      scenario_.create = item_task(Operation::create, top_, context_);
    } catch (const ScenarioFault& fault) {  // it has none of the values that users get
      throw ScenarioFault{fault.message +
                          "; items are made before there are users: give headers and auth to the tasks"};
    }
  }

  /// Where items are made of the data, they can be.
  void check_items() const {
    for (const auto& task : scenario_.tasks) {
      const bool sends = task.operation == Operation::create || task.operation == Operation::update;
      if (!task.data || !sends || !task.on_items() || !task.body.empty()) continue;
      if (const auto fault = fault_as_items(*task.data); !fault.empty()) top_.fail("data", fault);
    }
  }

  void read_cycle() {
    for (const auto key : {"every", "iterations", "total_iterations"}) {
      if (top_.has(key)) top_.fail(key, "does not go with [cycle]");
    }
    const TomlReader reader(*top_.table("cycle"), "cycle", file_, {"phases", "items", "concurrency"});
    CrudCycle cycle;
    cycle.items = static_cast<std::size_t>(reader.integer("items", 1, max_cycle_items, 500));
    cycle.concurrency = static_cast<std::size_t>(reader.integer("concurrency", 1, max_cycle_concurrency, 20));
    const auto* phases = reader.array("phases");
    if (!phases) reader.fail("phases", "is missing");
    for (const auto& phase : *phases) {
      const auto name = phase.value_exact<std::string>().value_or("");
      const auto found =
          std::ranges::find(cycle_phases, name, [](Operation known) { return to_string(known); });
      if (found == cycle_phases.end()) reader.fail("phases", "must be a list of create, get, update, delete");
      cycle.phases.push_back(*found);
      scenario_.tasks.push_back(item_task(*found, top_, context_));
    }
    check_phases(reader, cycle.phases);
    scenario_.cycle = std::move(cycle);
  }

  static void check_phases(const TomlReader& reader, const std::vector<Operation>& phases) {
    if (phases.empty() || phases.front() != Operation::create)
      reader.fail("phases", "must begin with create");
    if (std::set(phases.begin(), phases.end()).size() != phases.size())
      reader.fail("phases", "must not name a phase twice");
    const auto removal = std::find(phases.begin(), phases.end(), Operation::remove);
    if (removal != phases.end() && removal + 1 != phases.end())
      reader.fail("phases", "delete must come last");
  }

  const std::string file_;
  const fs::path folder_;
  TomlReader top_;
  TaskContext context_{file_};
  Scenario scenario_;
};

/// The names that the directories offer, for an error message.
std::string available(std::span<const fs::path> directories) {
  std::set<std::string> names;
  for (const auto& directory : directories) {
    std::error_code ignored;  // a directory that is not there offers nothing
    for (const auto& entry : fs::directory_iterator(directory, ignored)) {
      if (entry.path().extension() == ".toml") names.insert(entry.path().stem().string());
    }
  }
  return names.empty() ? "none" : fmt::format("{}", fmt::join(names, ", "));
}

}  // namespace

Result<Scenario> parse_scenario(std::string_view toml, const fs::path& file,
                                const std::vector<FieldText>& fields) {
  try {
    const auto root = toml::parse(toml, file.string());
    auto scenario = ScenarioReader(root, file, fields).read();
    scenario.text.insert(0, toml);
    return scenario;
  } catch (const ScenarioFault& fault) {
    return invalid(one_line(fault.message));  // which quotes names of the file
  } catch (const toml::parse_error& error) {
    return invalid(
        one_line(fmt::format("{}:{}: {}", file.string(), error.source().begin.line, error.description())));
  }
}

Result<Scenario> load_scenario(std::string_view name_or_path, std::span<const fs::path> directories,
                               const std::vector<FieldText>& fields) {
  fs::path file;
  if (name_or_path.find('/') != std::string_view::npos || name_or_path.ends_with(".toml")) {
    file = name_or_path;
  } else {
    for (const auto& directory : directories) {
      const auto candidate = directory / fmt::format("{}.toml", name_or_path);
      std::error_code ignored;  // what cannot be looked at is not there
      if (fs::exists(candidate, ignored)) {
        file = candidate;
        break;
      }
    }
  }
  if (file.empty()) {
    return Error{ErrorCode::invalid_argument,
                 fmt::format("unknown scenario '{}' (available: {}; or give the path of a .toml file)",
                             name_or_path, available(directories))};
  }
  const auto text = read_file(file, most_scenario_bytes);
  if (!text) return text.error();
  return parse_scenario(*text, file, fields);
}

}  // namespace troupe::sim
