#include "sim/scenario/variable_names.hpp"

#include <spdlog/fmt/fmt.h>

#include <algorithm>

#include "sim/scenario/text_template.hpp"

namespace troupe::sim {
namespace {

constexpr std::size_t most_variables = 200;

void add_names(const TomlReader& top, const toml::array* tasks, std::vector<std::string>& names) {
  if (tasks == nullptr) return;
  for (const auto& task : *tasks) {
    const auto* table = task.as_table();
    const auto* extract = table == nullptr ? nullptr : (*table)["extract"].as_table();
    if (extract == nullptr) continue;
    for (const auto& [key, value] : *extract) {
      const std::string name(key.str());
      if (!is_placeholder_name(name) || name == "id") {
        top.fail(value, "extract." + name,
                 "must be a name of letters, digits and _, not starting with a digit, and not id");
      }
      if (std::ranges::find(names, name) == names.end()) names.push_back(name);
    }
  }
}

}  // namespace

std::vector<std::string> read_variable_names(const TomlReader& top) {
  std::vector<std::string> names;
  add_names(top, top.array("task"), names);
  for (const auto key : {"setup", "teardown"}) {
    if (const auto* steps = top.table(key)) add_names(top, (*steps)["step"].as_array(), names);
  }
  if (const auto* users = top.array("user")) {
    for (const auto& user : *users) {
      const auto* table = user.as_table();
      if (table == nullptr) continue;
      for (const auto key : {"start", "task", "step", "stop"})
        add_names(top, (*table)[key].as_array(), names);
    }
  }
  if (names.size() > most_variables)
    top.fail("", fmt::format("takes more than {} values out of answers", most_variables));
  return names;
}

}  // namespace troupe::sim
