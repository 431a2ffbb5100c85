#pragma once

#include <toml++/toml.h>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "support/time.hpp"

namespace troupe {

/// Thrown inside readers of scenarios and resource files only, and turned into an Error at their edge:
/// reading a nested file is the one place where a hundred early returns would hide what is read.
struct ScenarioFault {
  std::string message;
};

/// Reads one TOML table strictly: unknown keys, wrong types and values out of range throw ScenarioFault with
/// file, line and key. Keeps references: file name and table must outlive it.
class TomlReader {
 public:
  /// `path` is the table's own key ("task[2]"), empty at the top.
  TomlReader(const toml::table& table, std::string path, const std::string& file,
             std::initializer_list<std::string_view> allowed_keys);

  bool has(std::string_view key) const { return table_.contains(key); }
  std::string text(std::string_view key) const;  ///< required
  std::string text(std::string_view key, std::string_view otherwise) const;
  std::int64_t integer(std::string_view key, std::int64_t low, std::int64_t high,
                       std::int64_t otherwise) const;
  double number(std::string_view key, double low, double high) const;  ///< required, both bounds excluded
  Duration duration(std::string_view key) const;                       ///< required
  /// One of `choices`, as its position.
  std::size_t choice(std::string_view key, const std::vector<std::string_view>& choices) const;  ///< required
  const toml::table* table(std::string_view key) const;                        ///< null when absent
  const toml::array* array(std::string_view key) const;                        ///< null when absent
  const toml::node& node(std::string_view key) const { return require(key); }  ///< required, of any type

  std::string name_of(std::string_view key) const;
  [[noreturn]] void fail(std::string_view key, std::string_view message) const;
  [[noreturn]] void fail(const toml::node& at, std::string_view name, std::string_view message) const;

 private:
  const toml::node& require(std::string_view key) const;

  const toml::table& table_;
  std::string path_;
  const std::string& file_;
};

}  // namespace troupe
