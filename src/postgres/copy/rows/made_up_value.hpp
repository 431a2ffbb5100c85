#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "postgres/copy/rows/table_facts.hpp"

namespace troupe::postgres {

/// How the values of a column go from row to row.
struct ValueWay {
  std::string number = "n";  ///< SQL: the row's number from 0 on, or what counts in its place
  bool unique = false;       ///< another value for each number; else any
  std::uint64_t salt = 0;    ///< of the random ones
};

/// SQL for a column's value in the row of a number `n`; nothing where none can be guessed.
std::optional<std::string> made_up_value(const FilledColumn& column, const ValueWay& way);

/// Whether each number can have a value of its own.
bool can_be_unique(const FilledColumn& column);

/// SQL for a whole number from 0 below `count` (SQL, too), by chance; the same for the same number and salt.
std::string random_below(const std::string& count, const ValueWay& way);

}  // namespace troupe::postgres
