#pragma once

#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include "sim/scenario/scenario.hpp"
#include "sim/scenario/task_reader.hpp"
#include "support/toml_reader.hpp"

namespace troupe::sim {

/// Reads what a scenario's users do into it: `[[task]]`, `[[user]]` and what says how often. Used once.
class UserReader {
 public:
  /// `top` reads the file's top, where think_time, data, variables and setup are read already. All outlive
  /// it.
  UserReader(const TomlReader& top, const std::filesystem::path& folder, TaskContext context,
             Scenario& scenario);

  /// Throws ScenarioFault.
  void read();

 private:
  void read_top_tasks();
  void read_class(const toml::table& table, const std::string& path);
  std::vector<std::uint16_t> read_tasks(const TomlReader& reader, std::string_view key,
                                        const std::string& path, const TaskContext& context, bool weighted);
  void read_pace(const TomlReader& reader, UserClass& into) const;
  void check_variables(const TomlReader& reader, const UserClass& users) const;
  bool top_tasks_need_class() const;

  const TomlReader& top_;
  std::filesystem::path folder_;
  TaskContext context_;
  Scenario& scenario_;
  std::set<std::string> names_;  ///< of tasks, so far
};

/// What `data` says: the file of a CSV, or { file = …, mode = … }. Appends the file's text to `text`.
struct DataChoice {
  std::shared_ptr<const DataRows> rows;
  std::optional<DataMode> mode;
};
DataChoice read_data(const TomlReader& reader, const std::filesystem::path& folder, std::string& text);

}  // namespace troupe::sim
