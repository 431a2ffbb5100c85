#include "sim/scenario/scenario_reader.hpp"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <iterator>
#include <set>

#include "sim/scenario/item_data.hpp"
#include "sim/scenario/task_reader.hpp"
#include "sim/scenario/think_time_reader.hpp"
#include "support/read_file.hpp"
#include "support/toml_reader.hpp"

namespace troupe::sim {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t max_tasks = 100;
constexpr std::int64_t max_existing_items = 10'000'000;
constexpr std::int64_t max_cycle_items = 10'000'000;
constexpr std::int64_t max_cycle_concurrency = 100'000;
constexpr std::int64_t max_items_per_user = 10'000;
constexpr std::int64_t max_sample = 1'000'000;

constexpr std::array cycle_phases{Operation::create, Operation::get, Operation::update, Operation::remove};

class ScenarioReader {
 public:
  ScenarioReader(const toml::table& root, const fs::path& file)
      : file_(file.string()),
        folder_(file.parent_path()),
        top_(root, "", file_,
             {"description", "think_time", "keys", "existing_items", "items_per_user", "sample", "data",
              "paths", "task", "cycle"}) {
    scenario_.name = file.stem().string();
    scenario_.file = file_;
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
    if (top_.has("data")) read_data();
    if (const auto* table = top_.table("think_time")) scenario_.think_time = read_think_time(*table, file_);
    if (const auto* table = top_.table("keys")) scenario_.keys = read_keys(*table, file_);
    if (const auto* paths = top_.table("paths")) read_paths(*paths);
    scenario_.create = item_task(Operation::create, top_, context_);
    scenario_.collection_path = context_.collection_path;
    if (top_.has("cycle") == top_.has("task")) {
      top_.fail("task", "needs either [[task]] entries or one [cycle]");
    }
    top_.has("cycle") ? read_cycle() : read_tasks();
    if (scenario_.cycle && scenario_.items_per_user) {
      top_.fail("items_per_user", "does not go with [cycle], whose items are its own");
    }
    if (scenario_.data && sends_items()) {
      if (const auto fault = fault_as_items(*scenario_.data); !fault.empty()) top_.fail("data", fault);
    }
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

  bool sends_items() const {
    return std::any_of(scenario_.tasks.begin(), scenario_.tasks.end(), [](const Task& task) {
      const bool sends = task.operation == Operation::create || task.operation == Operation::update;
      return sends && task.on_items() && task.body.empty();
    });
  }

  void read_data() {
    const auto path = folder_ / top_.text("data");
    const auto text = read_file(path);
    if (!text) top_.fail("data", text.error().message);
    scenario_.text += *text;
    auto rows = parse_data_rows(*text, path.string());
    if (!rows) top_.fail("data", rows.error().message);
    scenario_.data = std::move(*rows);
    context_.data = &*scenario_.data;
  }

  void read_tasks() {
    const auto* tasks = top_.array("task");
    if (tasks->empty() || tasks->size() > max_tasks)
      top_.fail("task", fmt::format("needs 1 to {} entries", max_tasks));
    std::set<std::string> names;
    for (std::size_t i = 0; i < tasks->size(); ++i) {
      const auto path = fmt::format("task[{}]", i + 1);
      const auto* table = tasks->get(i)->as_table();
      if (!table) top_.fail("task", "must be written as [[task]]");
      auto task = read_task(*table, path, context_);
      if (!names.insert(task.name).second) {
        top_.fail(*table, path + ".name",
                  fmt::format("'{}' is already taken; give each task its own name", task.name));
      }
      scenario_.tasks_by_weight.insert(scenario_.tasks_by_weight.end(), task.weight,
                                       static_cast<std::uint16_t>(i));
      scenario_.tasks.push_back(std::move(task));
    }
  }

  void read_cycle() {
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

Result<Scenario> parse_scenario(std::string_view toml, const fs::path& file) {
  try {
    const auto root = toml::parse(toml, file.string());
    auto scenario = ScenarioReader(root, file).read();
    scenario.text.insert(0, toml);
    return scenario;
  } catch (const ScenarioFault& fault) {
    return Error{ErrorCode::invalid_argument, fault.message};
  } catch (const toml::parse_error& error) {
    return Error{ErrorCode::invalid_argument,
                 fmt::format("{}:{}: {}", file.string(), error.source().begin.line, error.description())};
  }
}

Result<Scenario> load_scenario(std::string_view name_or_path, std::span<const fs::path> directories) {
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
  const auto text = read_file(file);
  if (!text) return text.error();
  return parse_scenario(*text, file);
}

}  // namespace troupe::sim
