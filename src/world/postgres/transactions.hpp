#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "world/postgres/model_settings.hpp"
#include "world/postgres/server_time.hpp"
#include "world/postgres/table.hpp"

namespace troupe::world {

/// A transaction that writes rows or locks them.
struct Transaction {
  std::uint64_t number = 0;     ///< in the order of beginnings
  std::uint32_t xid = 0;        ///< 0: it has neither written nor locked anything
  std::uint64_t statement = 0;  ///< the number of its present one, from 1
  std::vector<std::pair<Table*, Key>> held{};
  struct Write {
    Table* table;
    Key key;
    std::optional<Cells> after;
  };
  std::vector<Write> writes{};  ///< in their order: for the history
  Transaction* waits_for = nullptr;
  std::uint64_t waits_since = 0;  ///< who waits longer comes first
  std::function<void()> wake{};   ///< when the other has ended
  std::function<void()> committed{};
};

/// The transactions in progress, who waits for whom, and the disk that makes them durable: one flush at a
/// time, which all share that wait when it begins.
class Transactions {
 public:
  Transactions(ServerTime& time, const ModelSettings& settings);

  Transaction& begin();
  /// Makes the row what `after` says (null: gone), with the transaction's xid as its xmin.
  void write(Transaction& transaction, Table& table, const Key& key, std::optional<Cells> after);
  /// Holds a row that is there, and leaves it as it is.
  void lock(Transaction& transaction, Table& table, const Key& key);
  /// `wake` is called when `holder` has ended, in the order of waiting.
  void wait(Transaction& transaction, Transaction& holder, std::function<void()> wake);
  void stop_waiting(Transaction& transaction);
  /// Does it wait for itself, by way of others?
  static bool in_deadlock(const Transaction& transaction);
  /// `committed` is called when it is durable and visible, at once if it has neither written nor locked a row
  /// (PostgreSQL flushes locks too). The transaction is gone then.
  void commit(Transaction& transaction, std::function<void()> committed);
  /// Takes back all it did. It is gone then.
  void abort(Transaction& transaction);
  /// The server dies: of the flush that is under way a beginning is durable.
  void crash();
  void stall_disk(Duration time);

  const std::vector<Commit>& history() const { return history_; }
  std::size_t open() const { return open_.size(); }
  /// Of those, how many wait for another one.
  std::size_t waiting() const {
    return static_cast<std::size_t>(
        std::ranges::count_if(open_, [](const Transaction& each) { return each.waits_for != nullptr; }));
  }

 private:
  bool take(Transaction& transaction, Table& table, const Key& key);
  void flush();
  void flushed();
  void make_visible(Transaction& transaction);
  void end(Transaction& transaction);

  ServerTime& time_;
  const ModelSettings& settings_;
  std::list<Transaction> open_;
  std::vector<Transaction*> waiting_for_disk_, flushing_;
  TimePoint stalled_until_{};
  std::uint64_t begun_ = 0, waits_ = 0, commits_ = 0;
  std::uint32_t next_xid_;
  std::vector<Commit> history_;
};

}  // namespace troupe::world
