#include "sim/scenario/user_reader.hpp"

#include <spdlog/fmt/fmt.h>

#include <algorithm>

#include "sim/scenario/think_time_reader.hpp"
#include "support/read_file.hpp"
#include "support/sha256.hpp"

namespace troupe::sim {
namespace {

constexpr std::size_t most_classes = 20;
constexpr std::size_t most_data_bytes = std::size_t{256} << 20;
constexpr std::int64_t most_weight = 1'000;
constexpr std::int64_t most_iterations = 1'000'000'000;
constexpr auto longest_every = std::chrono::hours(24);

}  // namespace

UserReader::UserReader(const TomlReader& top, const std::filesystem::path& folder, TaskContext context,
                       Scenario& scenario)
    : top_(top), folder_(folder), context_(std::move(context)), scenario_(scenario) {}

void UserReader::read() {
  context_.variables = scenario_.variables;
  if (top_.has("total_iterations")) {
    scenario_.total_iterations =
        static_cast<std::uint64_t>(top_.integer("total_iterations", 1, most_iterations, 1));
  }
  if (top_.has("task")) read_top_tasks();
  if (const auto* users = top_.array("user")) {
    if (users->empty() || users->size() > most_classes)
      top_.fail("user", fmt::format("needs 1 to {} entries", most_classes));
    for (std::size_t i = 0; i < users->size(); ++i) {
      const auto* table = users->get(i)->as_table();
      if (table == nullptr) top_.fail("user", "must be written as [[user]]");
      read_class(*table, fmt::format("user[{}]", i + 1));
    }
  }
  scenario_.places = place_users(scenario_.classes);
}

bool UserReader::top_tasks_need_class() const {
  return !scenario_.variables.empty() || scenario_.data_mode || scenario_.total_iterations ||
         top_.has("user") || top_.has("every") || top_.has("iterations");
}

void UserReader::read_top_tasks() {
  UserClass users;
  users.think_time = scenario_.think_time;
  users.data = scenario_.data;
  users.mode = scenario_.data_mode.value_or(DataMode::each_request);
  users.tasks_by_weight = read_tasks(top_, "task", "task", context_, true);
  if (!top_tasks_need_class()) {
    scenario_.tasks_by_weight = std::move(users.tasks_by_weight);
    return;
  }
  read_pace(top_, users);
  scenario_.tasks_by_weight = users.tasks_by_weight;
  check_variables(top_, users);
  scenario_.classes.push_back(std::move(users));
}

void UserReader::read_class(const toml::table& table, const std::string& path) {
  const TomlReader reader(
      table, path, context_.file,
      {"name", "weight", "think_time", "data", "start", "task", "step", "stop", "every", "iterations"});
  UserClass users;
  users.name = reader.text("name", path);
  users.weight = static_cast<unsigned>(reader.integer("weight", 1, most_weight, 1));
  const auto* think = reader.table("think_time");
  users.think_time = think != nullptr ? read_think_time(*think, context_.file) : scenario_.think_time;
  DataChoice data{scenario_.data, scenario_.data_mode};
  if (reader.has("data")) data = read_data(reader, folder_, scenario_.text);
  users.data = data.rows;
  users.mode = data.mode.value_or(DataMode::random);
  auto context = context_;
  context.data = users.data;
  if (reader.has("task") == reader.has("step"))
    reader.fail("task", "needs either [[user.task]] entries, by weight, or [[user.step]] entries, in order");
  users.start = read_tasks(reader, "start", path + ".start", context, false);
  users.tasks_by_weight = read_tasks(reader, "task", path + ".task", context, true);
  users.steps = read_tasks(reader, "step", path + ".step", context, false);
  users.stop = read_tasks(reader, "stop", path + ".stop", context, false);
  read_pace(reader, users);
  check_variables(reader, users);
  const auto& mix = users.steps.empty() ? users.tasks_by_weight : users.steps;
  for (unsigned i = 0; i < users.weight; ++i)
    scenario_.tasks_by_weight.insert(scenario_.tasks_by_weight.end(), mix.begin(), mix.end());
  scenario_.classes.push_back(std::move(users));
}

std::vector<std::uint16_t> UserReader::read_tasks(const TomlReader& reader, std::string_view key,
                                                  const std::string& path, const TaskContext& context,
                                                  bool weighted) {
  std::vector<std::uint16_t> places;
  const auto* tasks = reader.array(key);
  if (tasks == nullptr) return places;
  if (tasks->empty() || scenario_.tasks.size() + tasks->size() > most_tasks)
    reader.fail(key, fmt::format("needs 1 to {} entries", most_tasks));
  for (std::size_t i = 0; i < tasks->size(); ++i) {
    const auto* table = tasks->get(i)->as_table();
    if (table == nullptr) reader.fail(key, fmt::format("must be written as [[{}]]", path));
    const auto own_path = fmt::format("{}[{}]", path, i + 1);
    if (!weighted && table->contains("weight"))
      top_.fail(*table->get("weight"), own_path + ".weight", "only goes with tasks: these are done in order");
    auto task = read_task(*table, own_path, context);
    if (!names_.insert(task.name).second) {
      top_.fail(*table, own_path + ".name",
                fmt::format("'{}' is already taken; give each task its own name", task.name));
    }
    places.insert(places.end(), weighted ? task.weight : 1,
                  static_cast<std::uint16_t>(scenario_.tasks.size()));
    scenario_.tasks.push_back(std::move(task));
  }
  return places;
}

void UserReader::read_pace(const TomlReader& reader, UserClass& into) const {
  if (reader.has("iterations"))
    into.iterations = static_cast<std::uint64_t>(reader.integer("iterations", 1, most_iterations, 1));
  if (!reader.has("every")) return;
  into.every = reader.duration("every");
  if (*into.every <= Duration{} || *into.every > longest_every)
    reader.fail("every", "must be above 0 and at most 24h");
  if (into.steps.empty() && !into.think_time.none())
    reader.fail("every", "and think_time contradict each other: both say when the next task begins");
}

/// Every variable is taken out of an answer of the same users or of the setup, and hides no column.
void UserReader::check_variables(const TomlReader& reader, const UserClass& users) const {
  std::set<std::uint16_t> given;
  const auto take = [&](const Task& task) {
    for (const auto& one : task.extractions) given.insert(one.variable);
  };
  if (scenario_.setup) std::ranges::for_each(scenario_.setup->tasks, take);
  const auto of_all = [&](const auto& look) {
    for (const auto* places : {&users.start, &users.tasks_by_weight, &users.steps, &users.stop}) {
      for (const auto place : *places) look(scenario_.tasks[place]);
    }
  };
  of_all(take);
  for (const auto variable : given) {
    const auto& name = scenario_.variables[variable];
    if (users.data && users.data->column(name))
      reader.fail("data", fmt::format("has a column {0}, and an extract takes {0}: rename one", name));
  }
  of_all([&](const Task& task) {
    for (const auto variable : task.needs) {
      if (given.contains(variable)) continue;
      reader.fail("task", fmt::format("'{}' needs {{{}}}, which no answer to these users gives", task.name,
                                      scenario_.variables[variable]));
    }
  });
}

DataChoice read_data(const TomlReader& reader, const std::filesystem::path& folder, std::string& text) {
  DataChoice out;
  std::string file;
  const auto& node = reader.node("data");
  if (const auto* table = node.as_table()) {
    for (const auto& [key, value] : *table) {
      if (key != "file" && key != "mode")
        reader.fail(value, fmt::format("{}.{}", reader.name_of("data"), key.str()),
                    "unknown key (allowed: file, mode)");
    }
    file = (*table)["file"].value_exact<std::string>().value_or("");
    if (file.empty()) reader.fail("data", "file must be a text in quotes");
    const auto mode = (*table)["mode"].value_exact<std::string>().value_or("");
    out.mode = mode == "random"       ? DataMode::random
               : mode == "sequential" ? DataMode::sequential
                                      : DataMode::unique;
    if (mode != "random" && mode != "sequential" && mode != "unique")
      reader.fail("data", fmt::format("mode '{}' is not one of random, sequential, unique", mode));
  } else {
    file = reader.text("data");
  }
  const auto path = folder / file;
  const auto content = read_file(path, most_data_bytes);
  if (!content) reader.fail("data", content.error().message);
  // Its hash only: what a sweep keeps of a scenario must not have the passwords of its users.
  text += fmt::format("# {}: sha256 {}\n", file, sha256_hex(*content));
  auto rows = parse_data_rows(*content, path.string());
  if (!rows) reader.fail("data", rows.error().message);
  rows->file = path.string();
  out.rows = std::make_shared<const DataRows>(std::move(*rows));
  return out;
}

}  // namespace troupe::sim
