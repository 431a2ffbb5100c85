#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "support/time.hpp"
#include "world/time/span.hpp"

namespace troupe::world {

/// How a modelled PostgreSQL behaves as long as nothing is broken. Chances are from 0 to 1.
struct ModelSettings {
  Span network{std::chrono::microseconds(20), std::chrono::microseconds(400)};    ///< one way, of any bytes
  Span connecting{std::chrono::microseconds(100), std::chrono::milliseconds(5)};  ///< one of its steps
  Span statement{std::chrono::microseconds(20),
                 std::chrono::microseconds(500)};                                ///< before it looks at a row
  Span row_pause{std::chrono::microseconds(5), std::chrono::microseconds(300)};  ///< between two rows
  Span disk{std::chrono::microseconds(200), std::chrono::milliseconds(3)};       ///< one flush
  Span recovery{std::chrono::milliseconds(50), std::chrono::milliseconds(800)};  ///< after a start
  Duration deadlock_timeout = std::chrono::seconds(1);
  std::size_t max_connections = 100;
  double pauses = 0.1;         ///< a statement that writes pauses after a row
  double table_order = 0.1;    ///< it meets rows in the table's order and not in its own (a hash join)
  double splits = 0.3;         ///< an answer comes in pieces
  double short_flushes = 0.1;  ///< a flush leaves something unwritten
};

/// A unique constraint beside the primary key. Nulls are distinct.
struct UniqueRule {
  std::string constraint;
  std::vector<std::string> columns;
};

/// CHECK (column >= at_least), of an integer or real column.
struct CheckRule {
  std::string constraint;
  std::string column;
  std::int64_t at_least = 0;
};

/// What a table demands beyond its resource's columns and key.
struct TableRules {
  bool identity = false;              ///< the key is one integer, which a sequence gives
  std::vector<UniqueRule> uniques{};  ///< in the order in which they were made
  std::vector<CheckRule> checks{};
  /// Of each column with a default_sql: the value that this makes, as it goes over the wire.
  std::map<std::string, std::optional<std::string>> defaults{};
};

/// One value, as PostgreSQL sends it; nothing: null.
using Cell = std::optional<std::string>;
/// A row: a cell for each of the resource's columns.
using Cells = std::vector<Cell>;
/// A row's key as commands carry it: an array element for each of its columns, integers in 8 bytes.
using Key = std::string;

/// What a statement of a committed transaction did to one row. Those of one transaction come in their order.
struct Commit {
  std::uint64_t number = 0;  ///< of the transaction, in the order of commits, from 1
  TimePoint at;              ///< when it was durable, and others could see it
  std::string table;         ///< Resource::table
  Key key;
  std::optional<Cells> after;  ///< nothing: the row was deleted
  std::uint32_t xid = 0;       ///< of the transaction; the xmin of `after`
};

}  // namespace troupe::world
