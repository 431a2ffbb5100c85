#include "support/toml_reader.hpp"

#include <spdlog/fmt/fmt.h>

#include <algorithm>

#include "support/parse.hpp"
#include "support/suggest.hpp"

namespace troupe {

TomlReader::TomlReader(const toml::table& table, std::string path, const std::string& file,
                       std::initializer_list<std::string_view> allowed_keys)
    : table_(table), path_(std::move(path)), file_(file) {
  for (const auto& [key, value] : table_) {
    if (std::find(allowed_keys.begin(), allowed_keys.end(), key.str()) != allowed_keys.end()) continue;
    const auto near = nearest(key.str(), {allowed_keys.begin(), allowed_keys.size()});
    fail(value, name_of(key.str()),
         fmt::format("unknown key (allowed: {}){}", fmt::join(allowed_keys, ", "),
                     near.empty() ? "" : fmt::format("; did you mean {}?", near)));
  }
}

std::string TomlReader::name_of(std::string_view key) const {
  if (key.empty()) return path_;
  return path_.empty() ? std::string(key) : fmt::format("{}.{}", path_, key);
}

void TomlReader::fail(const toml::node& at, std::string_view name, std::string_view message) const {
  throw ScenarioFault{fmt::format("{}:{}: {}: {}", file_, at.source().begin.line, name, message)};
}

void TomlReader::fail(std::string_view key, std::string_view message) const {
  const auto* node = table_.get(key);
  fail(node ? *node : static_cast<const toml::node&>(table_), name_of(key), message);
}

const toml::node& TomlReader::require(std::string_view key) const {
  const auto* node = table_.get(key);
  if (!node) fail(key, "is missing");
  return *node;
}

std::string TomlReader::text(std::string_view key) const {
  const auto value = require(key).value_exact<std::string>();
  if (!value) fail(key, "must be a text in quotes");
  return *value;
}

std::string TomlReader::text(std::string_view key, std::string_view otherwise) const {
  return has(key) ? text(key) : std::string(otherwise);
}

std::int64_t TomlReader::integer(std::string_view key, std::int64_t low, std::int64_t high,
                                 std::int64_t otherwise) const {
  if (!has(key)) return otherwise;
  const auto value = require(key).value_exact<std::int64_t>();
  if (!value) fail(key, fmt::format("must be a whole number from {} to {}", low, high));
  if (*value < low || *value > high)
    fail(key, fmt::format("must be from {} to {}, not {}", low, high, *value));
  return *value;
}

double TomlReader::number(std::string_view key, double low, double high) const {
  const auto value = require(key).value<double>();
  if (!value) fail(key, fmt::format("must be a number between {} and {}", low, high));
  if (!(*value > low && *value < high)) {
    fail(key, fmt::format("must be between {} and {}, not {}", low, high, *value));
  }
  return *value;
}

Duration TomlReader::duration(std::string_view key) const {
  const auto value = parse_duration(text(key));
  if (!value) fail(key, value.error().message);
  return *value;
}

std::size_t TomlReader::choice(std::string_view key, const std::vector<std::string_view>& choices) const {
  const auto value = text(key);
  const auto found = std::find(choices.begin(), choices.end(), value);
  if (found == choices.end())
    fail(key, fmt::format("'{}' is not one of {}", value, fmt::join(choices, ", ")));
  return static_cast<std::size_t>(found - choices.begin());
}

const toml::table* TomlReader::table(std::string_view key) const {
  if (!has(key)) return nullptr;
  const auto* value = require(key).as_table();
  if (!value) fail(key, "must be a table");
  return value;
}

const toml::array* TomlReader::array(std::string_view key) const {
  if (!has(key)) return nullptr;
  const auto* value = require(key).as_array();
  if (!value) fail(key, "must be an array");
  return value;
}

}  // namespace troupe
