#pragma once

#include <toml++/toml.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "schema/column.hpp"
#include "support/toml_reader.hpp"

// What the readers of a resource file's entries share. They throw ScenarioFault.

namespace troupe::schema {

constexpr std::int64_t max_rows_of_a_page = 1'000'000;

/// The line of the file, from 1.
std::size_t line_of(const toml::node& node);
std::size_t line_of(const toml::key& key);

/// The members of a table in the order in which the file has them.
std::vector<std::pair<const toml::key*, const toml::node*>> in_order(const toml::table& table);

/// A number of a file as plain digits: the fewest that mean the same.
std::string digits_of(const toml::node& node);

/// A member that is true or false; false when absent.
bool read_flag(const toml::table& table, const TomlReader& reader, std::string_view key);

/// The member `path` with both slashes; absent: made of the entry's name.
std::string read_path(const TomlReader& reader, std::string_view name);

/// The member `timeout`: more than 0.
std::optional<std::chrono::milliseconds> read_timeout(const TomlReader& reader);

/// min, max, min_length, max_length and pattern.
Rules read_rules(const toml::table& table, const TomlReader& reader);

}  // namespace troupe::schema
