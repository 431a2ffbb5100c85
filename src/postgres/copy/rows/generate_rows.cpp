#include "postgres/copy/rows/generate_rows.hpp"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include "postgres/copy/rows/made_up_value.hpp"
#include "postgres/copy/rows/table_facts.hpp"

namespace troupe::postgres {
namespace {

constexpr const char* check_violation = "23514";
constexpr const char* default_word = "DEFAULT";

/// A foreign key whose parents have rows: a temporary table of their keys (place, k1, k2, …).
struct ParentKeys {
  const CopiedReference* reference = nullptr;
  std::string table;
  std::uint64_t count = 0;
  std::string place{};  ///< SQL: which of them the row n refers to
};

/// Makes the rows of one table.
class TableMaker {
 public:
  TableMaker(CopySession& copy, const CopySchema& schema, std::size_t place, std::uint64_t rows,
             std::uint64_t seed)
      : copy_(copy),
        table_(schema.tables[place]),
        schema_(schema),
        rows_(rows),
        salt_((seed * 1000 + place) * 1000) {}

  /// `filled`: the tables that have rows by now.
  Result<void> make(const std::set<std::size_t>& filled) {
    auto facts = read_filled_table(copy_, table_.name);
    if (!facts) return facts.error();
    facts_ = *std::move(facts);
    if (const auto done = take_parents(filled); !done) return done;
    settle_keys();
    if (const auto done = settle_values(); !done) return done;
    // Each time one more check has taken its columns out.
    for (std::size_t tries = facts_.columns.size() + 1; tries > 0; --tries) {
      const auto made = copy_.run(insert());
      if (made) return {};
      const auto eased =
          copy_.refused_with(check_violation) ? ease(copy_.refusal()->constraint) : Result<bool>(false);
      if (!eased) return eased.error();
      if (!*eased) return cannot(made.error().message);
    }
    return cannot("its checks allow none of the rows that were tried");
  }

 private:
  Error cannot(const std::string& why) const {
    return {ErrorCode::invalid_argument,
            fmt::format("cannot make up rows for {}: {}; --sample takes real ones", table_.name, why)};
  }

  Result<void> take_parents(const std::set<std::size_t>& filled) {
    auto references = table_.references;
    // Keys of several columns may share one with another key: the longest settles it.
    std::ranges::stable_sort(references, std::greater{},
                             [](const auto& each) { return each.columns.size(); });
    references_ = std::move(references);
    for (const auto& reference : references_) {
      if (std::ranges::any_of(reference.columns, [&](const auto& name) { return values_.contains(name); }))
        continue;
      if (!filled.contains(reference.parent)) {
        if (const auto done = leave_null(reference); !done) return done;
        continue;
      }
      if (const auto done = take_keys(reference); !done) return done;
    }
    return {};
  }

  /// Of a table that refers to itself, or of tables in a circle: one null makes a key refer to nothing.
  Result<void> leave_null(const CopiedReference& reference) {
    bool any = false;
    for (const auto& name : reference.columns) {
      const auto place = facts_.find(name);
      if (!place || facts_.columns[*place].not_null) continue;
      values_[name] = "NULL";
      any = true;
    }
    if (any) return {};
    return cannot(fmt::format("{} must refer to rows of {}, which has none before it",
                              fmt::join(reference.columns, ", "), schema_.tables[reference.parent].name));
  }

  Result<void> take_keys(const CopiedReference& reference) {
    ParentKeys keys{&reference, fmt::format("troupe_parent_{}", parents_.size())};
    std::vector<std::string> names, filled;
    for (std::size_t i = 0; i < reference.columns.size(); ++i) {
      names.push_back(fmt::format("{} AS k{}", reference.parent_columns[i], i + 1));
      filled.push_back(reference.parent_columns[i] + " IS NOT NULL");
      values_[reference.columns[i]] = fmt::format("{}.k{}", keys.table, i + 1);
    }
    const auto made =
        copy_.run(fmt::format("DROP TABLE IF EXISTS pg_temp.{0}; CREATE TEMP TABLE {0} AS SELECT "
                              "row_number() OVER (ORDER BY {1}) - 1 AS "
                              "place, {2} FROM {3} WHERE {4}; ANALYZE {0}; SELECT count(*) FROM {0}",
                              keys.table, fmt::join(reference.parent_columns, ", "), fmt::join(names, ", "),
                              schema_.tables[reference.parent].name, fmt::join(filled, " AND ")));
    if (!made) return made.error();
    keys.count = std::stoull(std::string(made->text(0, 0)));
    keys.place = random_below(std::to_string(keys.count), {.salt = salt_ + parents_.size()});
    parents_.push_back(std::move(keys));
    return {};
  }

  /// The parents (places in parents_) whose columns a unique key holds.
  std::vector<std::size_t> parents_in(const UniqueKey& key) const {
    std::vector<std::size_t> found;
    for (std::size_t i = 0; i < parents_.size(); ++i) {
      const bool all = std::ranges::all_of(parents_[i].reference->columns, [&](const auto& name) {
        const auto place = facts_.find(name);
        return place && std::ranges::find(key, *place) != key.end();
      });
      if (all) found.push_back(i);
    }
    return found;
  }

  /// Sees to it that no two rows have one key: by parents that take turns, and by one column that counts.
  void settle_keys() {
    for (const auto& key : facts_.unique) {
      std::string number = "n";
      std::uint64_t combinations = 1;
      for (const auto parent : parents_in(key)) {
        auto& keys = parents_[parent];
        const auto count = std::max<std::uint64_t>(keys.count, 1);
        keys.place = combinations == 1 ? fmt::format("n % {}", count)
                                       : fmt::format("(n / {}) % {}", combinations, count);
        combinations = combinations > rows_ ? combinations : combinations * count;
      }
      if (combinations > 1) number = fmt::format("(n / {})", combinations);
      const auto counts = std::ranges::find_if(key, [&](std::size_t place) {
        const auto& column = facts_.columns[place];
        return !values_.contains(column.name) && can_be_unique(column);
      });
      if (counts != key.end()) {
        ways_[*counts] = {.number = number, .unique = true};
        continue;
      }
      for (const auto place : key) {  // a few labels
        if (values_.contains(facts_.columns[place].name)) continue;
        ways_[place] = {.number = number, .unique = true};
        combinations *= std::max<std::uint64_t>(facts_.columns[place].labels.size(), 1);
        break;
      }
      rows_ = std::min(rows_, combinations);
    }
    for (const auto& keys : parents_) {
      if (keys.count == 0) rows_ = 0;
    }
  }

  Result<void> settle_values() {
    for (std::size_t place = 0; place < facts_.columns.size(); ++place) {
      const auto& column = facts_.columns[place];
      if (values_.contains(column.name)) continue;
      auto way = ways_.contains(place) ? ways_[place] : ValueWay{};
      way.salt = salt_ + 100 + place;
      if (auto value = made_up_value(column, way)) {
        values_[column.name] = *std::move(value);
      } else if (column.has_default || !column.not_null) {
        values_[column.name] = column.has_default ? default_word : "NULL";
      } else {
        return cannot(fmt::format("no value of type {} is known for {}", column.cast, column.name));
      }
    }
    return {};
  }

  /// Leaves the columns of a check that does not hold to their defaults, or null. Whether that changed
  /// anything.
  Result<bool> ease(const std::string& check) {
    const auto columns = columns_of_check(copy_, table_.name, check);
    if (!columns) return columns.error();
    bool changed = false;
    for (const auto& name : *columns) {
      const auto place = facts_.find(name);
      if (!place || ways_.contains(*place)) continue;
      const auto& column = facts_.columns[*place];
      const std::string easier = column.has_default ? default_word : "NULL";
      if (easier == "NULL" && column.not_null) continue;
      changed = changed || values_[name] != easier;
      values_[name] = easier;
    }
    return changed;
  }

  std::string insert() const {
    std::vector<std::string> names, values;
    for (const auto& column : facts_.columns) {
      const auto& value = values_.at(column.name);
      if (value == default_word) continue;
      names.push_back(column.name);
      values.push_back(value);
    }
    if (names.empty()) return fmt::format("INSERT INTO {} DEFAULT VALUES", table_.name);
    std::string joins;
    for (const auto& keys : parents_)
      joins += fmt::format(" JOIN {0} ON {0}.place = {1}", keys.table, keys.place);
    return fmt::format(
        "INSERT INTO {} ({}) OVERRIDING SYSTEM VALUE SELECT {} FROM generate_series(0::int8, {}::int8 - 1) "
        "n{}",
        table_.name, fmt::join(names, ", "), fmt::join(values, ", "), rows_, joins);
  }

  CopySession& copy_;
  const CopiedTable& table_;
  const CopySchema& schema_;
  std::uint64_t rows_;
  std::uint64_t salt_;
  FilledTable facts_{};
  std::vector<CopiedReference> references_{};
  std::vector<ParentKeys> parents_{};
  std::map<std::size_t, ValueWay> ways_{};       ///< of columns that are in a unique key
  std::map<std::string, std::string> values_{};  ///< column -> SQL
};

/// Parents before children, as far as there is no circle.
std::vector<std::size_t> in_order(const std::vector<CopiedTable>& tables) {
  std::vector<std::size_t> order;
  std::set<std::size_t> done;
  while (order.size() < tables.size()) {
    const auto before = order.size();
    for (std::size_t place = 0; place < tables.size(); ++place) {
      const auto ready = [&](const CopiedReference& each) {
        return each.parent == place || done.contains(each.parent);
      };
      if (done.contains(place) || !std::ranges::all_of(tables[place].references, ready)) continue;
      order.push_back(place);
      done.insert(place);
    }
    if (order.size() != before) continue;
    for (std::size_t place = 0; place < tables.size(); ++place) {  // a circle: one of it goes first
      if (!done.insert(place).second) continue;
      order.push_back(place);
      break;
    }
  }
  return order;
}

}  // namespace

Result<void> generate_rows(CopySession& target, const CopySchema& schema, std::uint64_t rows,
                           std::uint64_t seed, const Tell& tell) {
  Progress progress(tell);
  std::set<std::size_t> filled;
  for (const auto place : in_order(schema.tables)) {
    progress.say([&] { return "making up rows for " + schema.tables[place].name; });
    if (const auto done = TableMaker(target, schema, place, rows, seed).make(filled); !done) return done;
    filled.insert(place);
  }
  return {};
}

}  // namespace troupe::postgres
