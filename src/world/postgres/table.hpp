#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "postgres/catalogue/served_resource.hpp"
#include "postgres/wire/pipeline.hpp"
#include "support/result.hpp"
#include "world/postgres/model_settings.hpp"

namespace troupe::world {

struct Transaction;

/// One version of a row. Immutable.
struct Version {
  Cells cells;
  std::uint32_t xmin = 0;
  std::uint64_t life = 0;   ///< the same from a row's insertion to its deletion, and never again
  std::uint64_t place = 0;  ///< in the table: a scan meets versions by it
};
using SharedVersion = std::shared_ptr<const Version>;

/// A key's row: what is committed, and what the one transaction that holds it has made of it.
struct Slot {
  SharedVersion committed{};      ///< null: no row
  Transaction* holder = nullptr;  ///< in progress
  SharedVersion after{};          ///< the holder's; null: deleted
  std::uint64_t changed_in = 0;  ///< which of the holder's statements made `after`; 0: it only locked the row

  bool only_locked() const { return holder != nullptr && changed_in == 0; }
  /// Null: there is no row for this one.
  const SharedVersion& seen_by(const Transaction* reader) const {
    return holder != nullptr && holder == reader ? after : committed;
  }
};

/// The rows of a table, its constraints and its sequence. Keys are unique beside what the rules say.
class Table {
 public:
  /// Error: a type or a rule that is not modelled.
  static Result<std::unique_ptr<Table>> make(const postgres::SharedResource& resource, TableRules rules);

  const schema::Resource& resource() const { return resource_->resource; }
  const TableRules& rules() const { return rules_; }
  const std::map<Key, Slot>& slots() const { return slots_; }
  /// Null: nobody has or makes such a row.
  const Slot* find(const Key& key) const;
  /// The reader's own version, or the committed one; null: none.
  SharedVersion seen_by(const Transaction* reader, const Key& key) const;

  /// What the holder's present statement makes of the row. To be called only while nobody else holds it.
  void hold(const Key& key, Transaction& holder, SharedVersion after);
  /// Holds a row that is there and that nobody holds, as it is.
  void lock(const Key& key, Transaction& holder);
  /// The holder's transaction has ended.
  void settle(const Key& key, bool committed);

  /// NOT NULL and checks, in PostgreSQL's order.
  std::optional<postgres::StatementError> fault_of(const Cells& row) const;
  struct Claim {
    bool taken = false;             ///< by a row that is there
    Transaction* holder = nullptr;  ///< of a row that may come or go: wait for it
  };
  /// May `asking` give the row of this key its values of the unique rule?
  Claim claim(std::size_t unique, const Key& key, const Cells& row, const Transaction& asking) const;
  /// 23505: of the unique rule, or of the key.
  postgres::StatementError duplicate(std::optional<std::size_t> unique, const Cells& row) const;

  std::int64_t next_number() { return ++last_number_; }
  /// A sequence's numbers that were reserved before a crash are not given again.
  void skip_numbers(std::uint64_t count) { last_number_ += static_cast<std::int64_t>(count); }
  /// What a column gets that is not set.
  Cell default_of(std::size_t place) const;
  std::uint64_t next_life() { return ++lives_; }
  std::uint64_t next_place() { return ++places_; }
  /// Without its schema.
  const std::string& name() const { return name_; }

 private:
  Table(const postgres::SharedResource& resource, TableRules rules);

  std::optional<std::string> unique_value(std::size_t unique, const Cells& row) const;
  void enter(const Key& key, const SharedVersion& version);
  void leave(const Key& key, const SharedVersion& version);
  std::string failing_row(const Cells& row) const;

  postgres::SharedResource resource_;
  TableRules rules_;
  std::string name_;
  std::map<Key, Slot> slots_;
  std::vector<std::vector<std::size_t>> unique_places_;  ///< of each rule, places of columns
  /// Of each rule, the keys of rows that have a value, committed or held.
  std::vector<std::map<std::string, std::multiset<Key>>> by_value_;
  std::int64_t last_number_ = 0;
  std::uint64_t lives_ = 0, places_ = 0;
};

}  // namespace troupe::world
