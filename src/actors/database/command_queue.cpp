// Which statement goes next, and what shares it:
//
//   alone_    │ a refused batch's writes, one statement each │  first
//   read      │ 4 9 1 4 │ ──┐
//   create    │ a b c   │   ├─ in turn, so that none starves; up to max_batch of one kind share a statement
//   update    │ 7 7 2   │   │  (7 and 2; the second 7 waits for the next one)
//   delete_   │         │   │
//   ping      │ .       │ ──┘
//   list      │ Q Q R   │  last, until 64 statements have passed it; equal queries share (Q, Q)
//
// A kind is only taken from when it is `open`: while nothing of it is in flight, if the actor coalesces.
#include "actors/database/command_queue.hpp"

#include <algorithm>
#include <unordered_set>

namespace troupe::actors {

namespace {

// How many statements for single rows may pass a waiting list: without an end, a queue that never empties
// (one statement at a time and many clients) would let no list through at all.
constexpr std::size_t patience_of_lists = 64;

std::size_t index_of(BatchKind kind) {
  return static_cast<std::size_t>(kind);
}

// May `pending` share the statement of `batch`? Updates: UPDATE … FROM applies only one of two rows with one
// id. Lists: only equal queries share an execution.
bool fits(const Batch& batch, const Pending& pending, std::unordered_set<std::int64_t>& ids) {
  if (batch.kind == BatchKind::update) return ids.insert(std::get<UpdateItem>(pending.command).id).second;
  if (batch.kind == BatchKind::list && !batch.commands.empty()) {
    return std::get<ListItems>(batch.commands.front().command).query ==
           std::get<ListItems>(pending.command).query;
  }
  return true;
}

void move_if(std::deque<Pending>& from, std::vector<Pending>& to, auto predicate) {
  auto kept =
      std::stable_partition(from.begin(), from.end(), [&](const Pending& p) { return !predicate(p); });
  std::move(kept, from.end(), std::back_inserter(to));
  from.erase(kept, from.end());
}

}  // namespace

BatchKind kind_of(const Command& command) {
  constexpr BatchKind by_alternative[] = {BatchKind::read,   BatchKind::list,    BatchKind::create,
                                          BatchKind::update, BatchKind::delete_, BatchKind::ping};
  static_assert(std::size(by_alternative) == std::variant_size_v<Command>);
  return by_alternative[command.index()];
}

std::int64_t id_of(const Command& command) {
  if (const auto* read = std::get_if<ReadItem>(&command)) return read->id;
  if (const auto* update = std::get_if<UpdateItem>(&command)) return update->id;
  return std::get<DeleteItem>(command).id;
}

bool is_write(BatchKind kind) {
  return kind == BatchKind::create || kind == BatchKind::update || kind == BatchKind::delete_;
}

void CommandQueue::add(Pending pending) {
  waiting_[index_of(kind_of(pending.command))].push_back(std::move(pending));
}

std::optional<Batch> CommandQueue::take(const KindSet& open) {
  if (!alone_.empty() && open[index_of(kind_of(alone_.front().command))]) {
    Batch batch{kind_of(alone_.front().command), {}, {}};
    batch.commands.push_back(std::move(alone_.front()));
    alone_.pop_front();
    return batch;
  }
  constexpr auto single_row_kinds = batch_kinds - 1;
  const bool list_may_go = open[index_of(BatchKind::list)] && !waiting_[index_of(BatchKind::list)].empty();
  if (list_may_go && passed_lists_ >= patience_of_lists) return take_list();
  for (std::size_t step = 0; step < single_row_kinds; ++step) {
    const auto kind = (next_kind_ + step) % single_row_kinds;
    if (!open[kind] || waiting_[kind].empty()) continue;
    next_kind_ = kind + 1;
    if (list_may_go) ++passed_lists_;
    return take_kind(static_cast<BatchKind>(kind));
  }
  if (list_may_go) return take_list();
  return std::nullopt;
}

Batch CommandQueue::take_list() {
  passed_lists_ = 0;
  return take_kind(BatchKind::list);
}

Batch CommandQueue::take_kind(BatchKind kind) {
  auto& queue = waiting_[index_of(kind)];
  Batch batch{kind, {}, {}};
  batch.commands.reserve(std::min(queue.size(), max_batch_));
  std::unordered_set<std::int64_t> ids;
  std::deque<Pending> left;
  while (!queue.empty() && batch.commands.size() < max_batch_) {
    if (fits(batch, queue.front(), ids)) {
      batch.commands.push_back(std::move(queue.front()));
    } else {
      left.push_back(std::move(queue.front()));
    }
    queue.pop_front();
  }
  // What did not fit came before what is still queued.
  while (!left.empty()) {
    queue.push_front(std::move(left.back()));
    left.pop_back();
  }
  return batch;
}

std::vector<Pending> CommandQueue::take_expired(TimePoint now) {
  std::vector<Pending> expired;
  auto is_expired = [now](const Pending& pending) { return head_of(pending.command).deadline <= now; };
  for (auto& queue : waiting_) move_if(queue, expired, is_expired);
  move_if(alone_, expired, is_expired);
  return expired;
}

std::vector<Pending> CommandQueue::take_all() {
  std::vector<Pending> all;
  for (auto& queue : waiting_) move_if(queue, all, [](const Pending&) { return true; });
  move_if(alone_, all, [](const Pending&) { return true; });
  return all;
}

std::size_t CommandQueue::size() const {
  std::size_t total = alone_.size();
  for (const auto& queue : waiting_) total += queue.size();
  return total;
}

}  // namespace troupe::actors
