#pragma once

#include <toml++/toml.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "schema/column.hpp"
#include "schema/query/query.hpp"
#include "schema/query/query_text.hpp"
#include "support/result.hpp"

namespace troupe::schema {

/// Whether calls that wait together are one statement.
enum class Coalesce : std::uint8_t {
  automatic,  ///< where it is known to be safe
  always,
  never,
};

/// `params.NAME` of a query: what a file says of one parameter.
struct ParameterEntry {
  std::string name;
  std::size_t line = 0;
  std::string type{};                         ///< as SQL calls it; empty: PostgreSQL says it
  std::optional<std::string> default_text{};  ///< as a query string would give it
  bool optional = false;                      ///< null when it is not given
  Rules rules{};
  bool as_string = false;
};

/// `[query.NAME]`: what a file says of one query.
struct QueryEntry {
  std::string name;
  std::size_t line = 0;
  std::string path{};  ///< with both slashes
  std::string comment{};
  std::string written{};  ///< the SQL as it stands in the file
  QueryText text{};
  bool one = false;    ///< the answer is the first row, or 404
  bool write = false;  ///< it may change something, and is asked for with POST
  Coalesce coalesce = Coalesce::automatic;
  std::optional<std::chrono::milliseconds> timeout{};
  std::int64_t max_rows = 1000;              ///< of an answer
  std::vector<ParameterEntry> parameters{};  ///< in the file's order; those of the SQL only
};

/// Reads one. Throws ScenarioFault.
QueryEntry read_query_entry(const toml::key& key, const toml::table& table, const std::string& file);

/// Gives the query's parameters their defaults. Error: one line that names what does not fit.
Result<void> set_defaults(Query& query, const QueryEntry& entry, const std::string& file);

/// "line 2, character 8 of its sql": where a byte of the written text is.
std::string place_in_sql(const std::string& written, std::size_t byte);

}  // namespace troupe::schema
