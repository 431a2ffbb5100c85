#pragma once

#include <map>
#include <string>
#include <vector>

#include "world/judge/timeline.hpp"
#include "world/load/exchange.hpp"
#include "world/tables/world_table.hpp"

namespace troupe::world {

/// Judges writes: which changes of the database each of them made. Every change must be somebody's, and
/// nobody's twice.
class WriteJudge {
 public:
  WriteJudge(const std::vector<WorldTable>& tables, const Timeline& timeline);

  /// What is wrong with a write; empty: nothing. To be called once for each, removals in the order of their
  /// answers.
  std::string fault_of(const Exchange& exchange);
  /// When the last of its changes was; TimePoint::min() where none is known to be its own.
  TimePoint committed(const Exchange& exchange) const;
  /// Changes that no write has made, one line each: to be called at the end, with all exchanges.
  std::vector<std::string> unclaimed(const std::vector<Exchange>& exchanges);

 private:
  using Changes = std::vector<const Change*>;

  Changes changes_of(const Exchange& exchange) const;
  std::string fault_of_done(const Exchange& exchange, const Changes& changes);
  std::string fault_of_rows(const Exchange& exchange, const Changes& changes) const;
  std::string fault_of_removal(const Exchange& exchange);
  std::string fault_of_refusal(const Exchange& exchange) const;
  bool slot_was_taken(const Exchange& exchange) const;
  bool had_other_version(const Exchange& exchange) const;
  bool claim_removal(const Exchange& exchange);

  const std::vector<WorldTable>& tables_;
  const Timeline& timeline_;
  std::map<std::string, Changes> by_mark_;                      ///< that made a row have this mark
  std::map<std::string, std::vector<const Change*>> removals_;  ///< of each row, those that nobody claimed
};

}  // namespace troupe::world
