#include "sim/scenario/scenario_reader.hpp"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <set>

#include "support/read_file.hpp"
#include "support/toml_reader.hpp"

namespace troupe::sim {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t max_tasks = 100;
constexpr std::int64_t max_weight = 1'000;
constexpr std::int64_t max_existing_items = 10'000'000;
constexpr std::int64_t max_cycle_items = 10'000'000;
constexpr std::int64_t max_cycle_concurrency = 100'000;
constexpr std::int64_t max_items_per_user = 10'000;
constexpr double max_sigma = 10;

const std::vector<std::string_view> operations{"list", "create", "get", "update", "delete", "request"};
const std::vector<std::string_view> methods{"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"};

/// The method that the items API gives each operation.
std::string_view method_of(Operation operation) {
  constexpr std::string_view methods_of_operations[] = {"GET", "POST", "GET", "PUT", "DELETE", ""};
  return methods_of_operations[static_cast<std::size_t>(operation)];
}

bool on_collection(Operation operation) {
  return operation == Operation::list || operation == Operation::create;
}

class ScenarioReader {
 public:
  ScenarioReader(const toml::table& root, const fs::path& file)
      : file_(file.string()),
        folder_(file.parent_path()),
        top_(root, "", file_,
             {"description", "think_time", "keys", "existing_items", "items_per_user", "data", "paths",
              "task", "cycle"}) {
    scenario_.name = file.stem().string();
  }

  Scenario read() {
    scenario_.description = top_.text("description", "");
    scenario_.existing_items =
        static_cast<std::size_t>(top_.integer("existing_items", 0, max_existing_items, 0));
    if (top_.has("items_per_user")) {
      scenario_.items_per_user =
          static_cast<std::size_t>(top_.integer("items_per_user", 0, max_items_per_user, 0));
    }
    if (top_.has("data")) read_data();
    if (top_.has("think_time")) read_think_time();
    if (top_.has("keys")) read_keys();
    if (const auto* paths = top_.table("paths")) {
      const TomlReader reader(*paths, "paths", file_, {"collection", "item"});
      collection_path_ = reader.text("collection", collection_path_);
      item_path_ = reader.text("item", item_path_);
      check_path(reader, "collection", collection_path_);
      check_path(reader, "item", item_path_);
      if (item_path_.find("{id}") == std::string::npos) reader.fail("item", "must contain {id}");
    }
    scenario_.create = typed_task(Operation::create);
    scenario_.collection_path = collection_path_;
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
  static void check_path(const TomlReader& reader, std::string_view key, const std::string& path) {
    if (!path.starts_with('/')) reader.fail(key, fmt::format("'{}' must start with /", path));
    if (path.find_first_of(" \t\r\n") != std::string::npos) {
      reader.fail(key, fmt::format("'{}' must not contain blanks", path));
    }
  }

  TextTemplate text_template(const TomlReader& reader, std::string_view key, std::string_view text,
                             TextTemplate::Escape escape) const {
    auto parsed = TextTemplate::parse(text, escape, scenario_.data ? &*scenario_.data : nullptr);
    if (!parsed) reader.fail(key, parsed.error().message);
    return std::move(*parsed);
  }

  bool sends_items() const {
    return std::any_of(scenario_.tasks.begin(), scenario_.tasks.end(), [](const Task& task) {
      return task.operation == Operation::create || task.operation == Operation::update;
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
  }

  void read_think_time() {
    const auto* table = top_.table("think_time");
    const std::vector<std::string_view> kinds{"none",        "constant", "uniform",
                                              "exponential", "normal",   "lognormal"};
    const TomlReader any(*table, "think_time", file_,
                         {"kind", "value", "min", "max", "mean", "deviation", "median", "sigma"});
    const auto kind = kinds[any.choice("kind", kinds)];
    scenario_.think_time = think_time(kind, *table);
  }

  ThinkTime think_time(std::string_view kind, const toml::table& table) const {
    // Read again with the keys of this kind only, so that `mean` with a constant is refused and not ignored.
    const auto with = [&](std::initializer_list<std::string_view> keys) {
      return TomlReader(table, "think_time", file_, keys);
    };
    if (kind == "constant") return ThinkTime::constant(with({"kind", "value"}).duration("value"));
    if (kind == "exponential") return ThinkTime::exponential(with({"kind", "mean"}).duration("mean"));
    if (kind == "uniform") {
      const auto reader = with({"kind", "min", "max"});
      const auto low = reader.duration("min");
      const auto high = reader.duration("max");
      if (low > high) reader.fail("max", "must not be smaller than min");
      return ThinkTime::uniform(low, high);
    }
    if (kind == "normal") {
      const auto reader = with({"kind", "mean", "deviation"});
      return ThinkTime::normal(reader.duration("mean"), reader.duration("deviation"));
    }
    if (kind == "lognormal") {
      const auto reader = with({"kind", "mean", "median", "sigma"});
      if (reader.has("mean") == reader.has("median"))
        reader.fail("kind", "lognormal needs either mean or median");
      const double sigma = reader.number("sigma", 0, max_sigma);
      return reader.has("mean") ? ThinkTime::lognormal_by_mean(reader.duration("mean"), sigma)
                                : ThinkTime::lognormal_by_median(reader.duration("median"), sigma);
    }
    with({"kind"});
    return {};
  }

  void read_keys() {
    const TomlReader reader(*top_.table("keys"), "keys", file_, {"kind", "theta"});
    scenario_.keys.kind = static_cast<KeyChoice::Kind>(reader.choice("kind", {"own", "uniform", "zipfian"}));
    if (!reader.has("theta")) return;
    if (scenario_.keys.kind != KeyChoice::Kind::zipfian)
      reader.fail("theta", "only goes with kind = \"zipfian\"");
    scenario_.keys.theta = reader.number("theta", 0, 1);
  }

  Task typed_task(Operation operation) const {
    Task task;
    task.operation = operation;
    task.name = to_string(operation);
    task.method = method_of(operation);
    task.path = text_template(top_, "paths", on_collection(operation) ? collection_path_ : item_path_,
                              TextTemplate::Escape::path);
    return task;
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
      auto task = read_task(*table, path);
      if (!names.insert(task.name).second) {
        top_.fail(*table, path + ".name",
                  fmt::format("'{}' is already taken; give each task its own name", task.name));
      }
      scenario_.tasks_by_weight.insert(scenario_.tasks_by_weight.end(), task.weight,
                                       static_cast<std::uint16_t>(i));
      scenario_.tasks.push_back(std::move(task));
    }
  }

  Task read_task(const toml::table& table, const std::string& path) const {
    const TomlReader reader(table, path, file_,
                            {"do", "name", "weight", "method", "path", "body", "status", "body_contains"});
    const auto operation = static_cast<Operation>(reader.choice("do", operations));
    auto task = operation == Operation::request ? request_task(reader) : typed_task(operation);
    task.name = reader.text("name", task.name);
    if (task.name.empty()) reader.fail("name", "must not be empty");
    task.weight = static_cast<unsigned>(reader.integer("weight", 1, max_weight, 1));
    task.checks.body_contains = reader.text("body_contains", "");
    if (const auto* codes = reader.array("status")) {
      for (const auto& code : *codes) {
        const auto value = code.value_exact<std::int64_t>().value_or(0);
        if (value < 100 || value > 599) reader.fail("status", "must be a list of numbers from 100 to 599");
        task.checks.status.push_back(static_cast<int>(value));
      }
    }
    if (operation == Operation::request) return task;
    for (const auto key : {"method", "path", "body"}) {
      if (reader.has(key)) reader.fail(key, "only goes with do = \"request\"");
    }
    return task;
  }

  Task request_task(const TomlReader& reader) const {
    Task task;
    task.operation = Operation::request;
    task.method = methods[reader.choice("method", methods)];
    const auto path = reader.text("path");
    check_path(reader, "path", path);
    task.path = text_template(reader, "path", path, TextTemplate::Escape::path);
    task.body = text_template(reader, "body", reader.text("body", ""), TextTemplate::Escape::json);
    task.name = fmt::format("{} {}", task.method, path);
    return task;
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
      const auto found = std::find(operations.begin() + 1, operations.begin() + 5, name);
      if (found == operations.begin() + 5)
        reader.fail("phases", "must be a list of create, get, update, delete");
      cycle.phases.push_back(static_cast<Operation>(found - operations.begin()));
      scenario_.tasks.push_back(typed_task(cycle.phases.back()));
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
  std::string collection_path_ = "/items/";
  std::string item_path_ = "/items/{id}";
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
