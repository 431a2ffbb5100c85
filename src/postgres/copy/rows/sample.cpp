#include "postgres/copy/rows/sample.hpp"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "support/parse.hpp"

namespace troupe::postgres {
namespace {

// Statuses, countries and the like: a part of them would be another shop.
constexpr std::int64_t whole_below = 1000;
// Of the hash, which is as fine as this.
constexpr std::int64_t buckets = 1 << 30;

/// Writes the queries of one sample.
class Sampler {
 public:
  Sampler(const std::vector<CopiedTable>& tables, double share)
      : tables_(tables), limit_(std::llround(share * static_cast<double>(buckets))) {}

  /// `seen`: the tables on the way to this one, which keys that run in circles must not come back to.
  std::string select(std::size_t place, const std::vector<std::string>& columns,
                     std::set<std::size_t> seen) const {
    const auto& table = tables_[place];
    const auto all = fmt::format("SELECT {} FROM {} t", prefixed(columns), table.name);
    if (whole(table)) return all;
    seen.insert(place);
    const auto* reference = leader(table, seen);
    if (reference == nullptr) return all + " WHERE " + by_hash(table);
    std::vector<std::string> nulls;
    for (const auto& column : reference->columns) nulls.push_back("t." + column + " IS NULL");
    return fmt::format("{} WHERE ({}) IN ({}) UNION ALL {} WHERE ({}) AND {}", all,
                       prefixed(reference->columns),
                       select(reference->parent, reference->parent_columns, seen), all,
                       fmt::join(nulls, " OR "), by_hash(table));
  }

 private:
  static std::string prefixed(const std::vector<std::string>& columns) {
    std::vector<std::string> names;
    for (const auto& column : columns) names.push_back("t." + column);
    return fmt::format("{}", fmt::join(names, ", "));
  }

  bool whole(const CopiedTable& table) const { return limit_ >= buckets || table.rows <= whole_below; }

  std::string by_hash(const CopiedTable& table) const {
    std::vector<std::string> parts;
    for (const auto& column : table.key) parts.push_back("t." + column + "::text");
    const auto key =
        parts.empty() ? std::string("t::text") : fmt::format("{}", fmt::join(parts, " || ' ' || "));
    return fmt::format("hashtextextended({}, 0) & {} < {}", key, buckets - 1, limit_);
  }

  const CopiedReference* leader(const CopiedTable& table, const std::set<std::size_t>& seen) const {
    const CopiedReference* best = nullptr;
    for (const auto& reference : table.references) {
      const auto& parent = tables_[reference.parent];
      if (seen.contains(reference.parent) || whole(parent)) continue;
      if (best == nullptr || parent.rows > tables_[best->parent].rows) best = &reference;
    }
    return best;
  }

  const std::vector<CopiedTable>& tables_;
  std::int64_t limit_;
};

}  // namespace

Result<CopyAmount> read_sample(const std::string& text) {
  if (text == "all") return CopyAmount{CopyAmount::Kind::share, 0, 1};
  if (text.ends_with('%')) {
    const auto share = parse_share(text);
    if (share && *share > 0 && *share <= 1) return CopyAmount{CopyAmount::Kind::share, 0, *share};
  } else if (const auto rows = parse_count(text); rows && *rows > 0) {
    return CopyAmount{CopyAmount::Kind::rows, *rows, 1};
  }
  return Error{ErrorCode::invalid_argument,
               "must be a number of rows (100000), a share (10%) or all, not '" + text + "'"};
}

double share_of(const CopyAmount& amount, const std::vector<CopiedTable>& tables) {
  if (amount.kind == CopyAmount::Kind::share) return amount.share;
  std::int64_t most = 0;
  for (const auto& table : tables) most = std::max(most, table.rows);
  if (most <= static_cast<std::int64_t>(amount.rows)) return 1;
  return static_cast<double>(amount.rows) / static_cast<double>(most);
}

std::vector<std::string> sample_queries(const std::vector<CopiedTable>& tables, double share) {
  const Sampler sampler(tables, share);
  std::vector<std::string> queries;
  for (std::size_t place = 0; place < tables.size(); ++place)
    queries.push_back(sampler.select(place, tables[place].columns, {}));
  return queries;
}

}  // namespace troupe::postgres
