#include "world/judge/timeline.hpp"

#include <algorithm>
#include <utility>

namespace troupe::world {

Timeline::Timeline(const std::vector<WorldTable>& tables, const std::vector<Commit>& history)
    : rows_(tables.size()) {
  for (const auto& commit : history) {
    const auto table =
        std::ranges::find(tables, commit.table, [](const auto& one) { return one.resource->resource.table; });
    const auto place = static_cast<std::size_t>(table - tables.begin());
    auto key = key_text(*table, commit.key);
    auto& states = rows_[place].try_emplace(key, never_).first->second;
    std::optional<Row> after;
    if (commit.after) after = row_of(*table, *commit.after);
    changes_.push_back({place, std::move(key), commit.at, states.back().row, after});
    states.back().until = commit.at;
    states.push_back({commit.at, TimePoint::max(), std::move(after)});
  }
}

const std::vector<RowState>& Timeline::row(std::size_t table, const std::string& key) const {
  const auto found = rows_[table].find(key);
  return found == rows_[table].end() ? never_ : found->second;
}

std::vector<TimePoint> Timeline::moments(std::size_t table, TimePoint begin, TimePoint end) const {
  std::vector<TimePoint> moments{begin};
  for (const auto& change : changes_) {
    if (change.table == table && change.at > begin && change.at <= end && change.at != moments.back())
      moments.push_back(change.at);
  }
  return moments;
}

}  // namespace troupe::world
