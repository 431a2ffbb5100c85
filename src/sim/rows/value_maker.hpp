#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "schema/column.hpp"
#include "sim/rows/row_values.hpp"
#include "support/random.hpp"
#include "support/result.hpp"

namespace troupe::sim {

/// What a row's values are made of.
struct Making {
  Rng& rng;
  /// Of the row among all that are made for its table: what is to be unique comes from it.
  std::uint64_t serial = 0;
  const std::vector<std::string>* data = nullptr;  ///< a row of the scenario's data; null: there are none
};

/// Makes the value of one column, or those of several that belong together. Callable from any thread.
using ValueMaker = std::function<void(const Making&, RowValues&)>;

/// What sets the unique values of this run apart from those that the table has.
struct UniqueStart {
  std::int64_t number = 0;  ///< nothing as great or greater is there
  std::uint64_t salt = 0;   ///< of texts: another one for another state of the table
};

/// A maker of values that are valid by the column's type and rules. `unique`: no two serials make the same,
/// as far as the type has so many values. Error: one line why there is none (a pattern beyond PatternText, a
/// type that is served as text only).
Result<ValueMaker> value_maker(const schema::Column& column, std::size_t place,
                               const std::optional<UniqueStart>& unique);

/// Whether values of this kind can be told apart by a serial.
bool can_be_unique(const schema::Column& column);

/// The kind of scalar that a value of the column is in a body, for its text.
schema::Scalar::Kind scalar_kind(const schema::Column& column);
/// Adds a value given as text, as PostgreSQL's cast to text has it.
void add_text(const schema::Column& column, std::size_t place, std::string_view text, RowValues& out);

}  // namespace troupe::sim
