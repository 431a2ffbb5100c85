#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>

#include "actors/database/messages.hpp"

namespace troupe::stand_in {

/// The rows that PostgreSQL would answer a read, create, change, replace or put with: what the command says
/// of them, and made-up values for the rest. Used by one actor.
class StandInRows {
 public:
  /// Rows that are made are numbered from `first_id` on, where their key is an integer that clients do not
  /// choose.
  actors::RowAnswer answer(const actors::Command& command, std::int64_t first_id);

 private:
  // A read's row follows from its key: made once, since users read the same ones again and again.
  postgres::SharedResource resource_{};
  std::unordered_map<std::string, actors::RowAnswer> reads_;  ///< of the resource, by key
};

}  // namespace troupe::stand_in
