#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "support/time.hpp"
#include "world/postgres/model_settings.hpp"
#include "world/tables/world_table.hpp"

namespace troupe::world {

/// One state of a row: from a commit to the next one of that row.
struct RowState {
  TimePoint from{},
      until = TimePoint::max();  ///< the moment of `until` still counts: nobody knows which came first
  std::optional<Row> row{};      ///< nothing: there is none
  bool within(TimePoint begin, TimePoint end) const { return from <= end && begin <= until; }
};

/// One commit's change of one row.
struct Change {
  std::size_t table = 0;
  std::string key;
  TimePoint at{};
  std::optional<Row> before{}, after{};
};

/// What a database held, and when.
class Timeline {
 public:
  Timeline(const std::vector<WorldTable>& tables, const std::vector<Commit>& history);

  const std::vector<Change>& changes() const { return changes_; }
  /// All states of a row, in order; the first one is that there is none.
  const std::vector<RowState>& row(std::size_t table, const std::string& key) const;
  /// Of all keys that were ever there.
  const std::map<std::string, std::vector<RowState>>& rows(std::size_t table) const { return rows_[table]; }
  /// The moments within these two at which the table changed, and the first one.
  std::vector<TimePoint> moments(std::size_t table, TimePoint begin, TimePoint end) const;

 private:
  std::vector<Change> changes_;
  std::vector<std::map<std::string, std::vector<RowState>>> rows_;  ///< by table and key
  std::vector<RowState> never_{RowState{}};
};

}  // namespace troupe::world
