#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "postgres/catalogue/served_resource.hpp"
#include "support/random.hpp"
#include "world/postgres/model_settings.hpp"

namespace troupe::world {

/// A row as people read it, whatever it came in. Every write gives it another `mark`.
struct Row {
  std::string id, mark;
  std::optional<std::string> slot;  ///< a column that clients fight for, where it is unique
  std::string amount;               ///< never below 0
  bool operator==(const Row&) const = default;
};

enum class KeyKind : std::uint8_t {
  sequence,  ///< the server's own
  number,    ///< these and the rest are the clients' choice
  uuid,
  text,
};

/// What differs between the tables of worlds.
struct TablePlan {
  std::string name;
  KeyKind key = KeyKind::sequence;
  bool slot_unique = false;
  std::string default_amount = "7";
};

/// A table of a simulated world: always with these columns, but with a key and constraints of its own.
struct WorldTable {
  std::string name;
  postgres::SharedResource resource;
  TableRules rules;
  bool client_key = false;   ///< clients choose it; else a sequence does
  bool slot_unique = false;  ///< else any number of rows may have the same
  std::string default_amount;
  std::vector<std::string> keys;  ///< those that clients choose, in their text form; few, so that they meet

  /// "/notes/"
  const std::string& path() const { return resource->resource.path; }
  /// Keys are in the order of numbers, and numbers in JSON; else in that of their bytes, and texts.
  bool has_number_keys() const;
};

/// The tables of a seed: at least one.
std::vector<TablePlan> plan_tables(std::uint64_t seed);
/// Every call makes resources of its own.
std::vector<WorldTable> make_tables(const std::vector<TablePlan>& plans);

/// What a client may put in `slot`.
std::string slot_named(std::uint64_t number);
constexpr std::uint64_t slots = 8;

/// A row as the database has it.
Row row_of(const WorldTable& table, const Cells& cells);
/// A key as the database has it, as a path has it.
std::string key_text(const WorldTable& table, const Key& key);
/// A row as JSON, or nothing when it is none.
std::optional<Row> row_of_json(std::string_view json);
/// An array of rows as JSON, or nothing.
std::optional<std::vector<Row>> rows_of_json(std::string_view json);

}  // namespace troupe::world
