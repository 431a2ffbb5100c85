#include "world/postgres/transactions.hpp"

#include <algorithm>

#include "support/invariant.hpp"

namespace troupe::world {

namespace {

// So that an xmin is not taken for another number in a test.
constexpr std::uint32_t first_xid = 1000;

}  // namespace

Transactions::Transactions(ServerTime& time, const ModelSettings& settings)
    : time_(time),
      settings_(settings),
      next_xid_(first_xid + static_cast<std::uint32_t>(time.below(100'000))) {}

Transaction& Transactions::begin() {
  auto& transaction = open_.emplace_back();
  transaction.number = ++begun_;
  return transaction;
}

/// False: the row is the transaction's already.
bool Transactions::take(Transaction& transaction, Table& table, const Key& key) {
  if (transaction.xid == 0) transaction.xid = next_xid_++;
  const auto* slot = table.find(key);
  TROUPE_INVARIANT(slot == nullptr || slot->holder == nullptr || slot->holder == &transaction,
                   "a modelled transaction took a row that another one holds");
  if (slot != nullptr && slot->holder != nullptr) return false;
  transaction.held.emplace_back(&table, key);
  return true;
}

void Transactions::lock(Transaction& transaction, Table& table, const Key& key) {
  if (take(transaction, table, key)) table.lock(key, transaction);
}

void Transactions::write(Transaction& transaction, Table& table, const Key& key, std::optional<Cells> after) {
  take(transaction, table, key);
  transaction.writes.push_back({&table, key, after});
  SharedVersion version;
  if (after) {
    const auto before = table.seen_by(&transaction, key);
    const auto life = before ? before->life : table.next_life();
    version = std::make_shared<const Version>(
        Version{std::move(*after), transaction.xid, life, table.next_place()});
  }
  table.hold(key, transaction, std::move(version));
}

void Transactions::wait(Transaction& transaction, Transaction& holder, std::function<void()> wake) {
  transaction.waits_for = &holder;
  transaction.waits_since = ++waits_;
  transaction.wake = std::move(wake);
}

void Transactions::stop_waiting(Transaction& transaction) {
  transaction.waits_for = nullptr;
  transaction.wake = nullptr;
}

bool Transactions::in_deadlock(const Transaction& transaction) {
  // Those that it leads to may go round without it: they are found by one of their own.
  const auto* slow = &transaction;
  bool both = false;
  for (const auto* other = transaction.waits_for; other != nullptr; other = other->waits_for) {
    if (other == &transaction) return true;
    if (both) slow = slow->waits_for;
    if (other == slow) return false;
    both = !both;
  }
  return false;
}

void Transactions::commit(Transaction& transaction, std::function<void()> committed) {
  transaction.committed = std::move(committed);
  if (transaction.xid == 0) return end(transaction);
  waiting_for_disk_.push_back(&transaction);
  if (flushing_.empty()) flush();
}

void Transactions::flush() {
  flushing_.swap(waiting_for_disk_);
  time_.later(time_.draw(settings_.disk), [this] { flushed(); });
}

void Transactions::flushed() {
  if (const auto now = time_.now(); now < stalled_until_)
    return time_.later(stalled_until_ - now, [this] { flushed(); });
  // Whoever is woken may commit at once: it waits for the next flush.
  const auto durable = flushing_;
  for (auto* transaction : durable) {
    make_visible(*transaction);
    end(*transaction);
  }
  flushing_.clear();
  if (!waiting_for_disk_.empty()) flush();
}

void Transactions::stall_disk(Duration time) {
  stalled_until_ = std::max(stalled_until_, time_.now() + time);
}

void Transactions::make_visible(Transaction& transaction) {
  ++commits_;
  for (const auto& [table, key] : transaction.held) table->settle(key, true);
  for (auto& write : transaction.writes)
    history_.push_back({commits_, time_.now(), write.table->resource().table, std::move(write.key),
                        std::move(write.after), transaction.xid});
  transaction.held.clear();
  transaction.writes.clear();
}

void Transactions::abort(Transaction& transaction) {
  transaction.committed = nullptr;
  for (const auto& [table, key] : transaction.held) table->settle(key, false);
  transaction.held.clear();
  end(transaction);
}

// Those who wait are woken before whoever committed is told: they are in the server, the other is in the
// network.
void Transactions::end(Transaction& transaction) {
  std::vector<Transaction*> waiting;
  for (auto& other : open_) {
    if (other.waits_for == &transaction) waiting.push_back(&other);
  }
  std::ranges::sort(waiting, {}, &Transaction::waits_since);
  std::vector<std::function<void()>> wakes;
  for (auto* other : waiting) {
    wakes.push_back(std::move(other->wake));
    stop_waiting(*other);
  }
  const auto committed = std::move(transaction.committed);
  open_.remove_if([&](const Transaction& each) { return &each == &transaction; });
  for (const auto& wake : wakes) wake();
  if (committed) committed();
}

void Transactions::crash() {
  const auto durable = flushing_.empty() ? 0 : time_.below(flushing_.size() + 1);
  for (std::size_t i = 0; i < durable; ++i) make_visible(*flushing_[i]);
  for (auto& transaction : open_) {
    for (const auto& [table, key] : transaction.held) table->settle(key, false);
  }
  open_.clear();
  flushing_.clear();
  waiting_for_disk_.clear();
}

}  // namespace troupe::world
