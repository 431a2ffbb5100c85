// Which statement goes next, and what shares it. A line is one kind of command of one resource:
//
//   apart_         | what a refused transaction was split into, each one of its own |  first
//   items, read    | 4 9 1 4 | --+
//   items, create  | a b c   |   |  in turn, so that none starves; up to max_batch rows of a line
//   items, change  | 7 7 2   |   |  share a statement (7 and 2; the second 7 waits for the next)
//   orders, read   | x       |   |  writes of all lines share a transaction: one commit (create and change);
//   ping           | .       | --+  so do single-row reads (4 9 1 4 and x): one Sync, so one system call
//   items, list    | Q Q R   |  last, until 64 statements have passed it; equal queries share (Q, Q)
//   report, call   | p q     |  the same; they share where the query is coalesced
//
// Whether a line's turn has come is the actor's to say: BatchesInFlight::has_room_for.
#include "actors/database/command_queue.hpp"

#include <algorithm>
#include <unordered_map>
#include <utility>

#include "schema/element.hpp"
#include "schema/masks.hpp"

namespace troupe::actors {

namespace {

// How many statements for single rows may pass a waiting list or call: without an end, a queue that never
// empties (one statement at a time and many clients) would let no list through at all.
constexpr std::size_t patience_of_long = 64;

std::string_view first_elements(std::string_view elements, std::size_t count) {
  std::size_t size = 0;
  for (; count > 0; --count) size += schema::element_size(elements.data() + size);
  return elements.substr(0, size);
}

/// UPDATE … FROM applies only one of two rows with one key, and ON CONFLICT refuses a second one.
bool needs_own_key(CommandKind kind) {
  return kind == CommandKind::change || kind == CommandKind::replace || kind == CommandKind::put;
}

/// Statements of a table stand in this order in their transaction. Creates are the last: see
/// `take_all_that_share`.
int place_in_transaction(CommandKind kind) {
  return kind == CommandKind::create ? 1 : 0;
}

/// May `next` share the statement of `batch`? `keys`: of those that are in it, if each needs its own.
bool fits(const Batch& batch, const Command& next, const std::unordered_set<std::string_view>& keys) {
  if (batch.commands.empty()) return true;
  const auto& first = batch.first();
  if (next.kind == CommandKind::list) return is_same_list(first, next);
  if (next.kind == CommandKind::call) return first.called == next.called && !is_lone_call(next);
  if (next.kind == CommandKind::write_call) return false;
  if (first.resource != next.resource) return false;  // it was read again from the catalogue meanwhile
  if (next.kind == CommandKind::ping) return true;
  const auto& resource = next.resource->resource;
  if (resource.has_insert_triggers && (next.kind == CommandKind::create || next.kind == CommandKind::put))
    return false;
  if (resource.update_named_only && next.kind == CommandKind::change && masks_of(first) != masks_of(next))
    return false;
  return !needs_own_key(next.kind) || !keys.contains(key_of(next));
}

void move_if(auto& from, std::vector<Pending>& to, auto predicate) {
  auto kept =
      std::stable_partition(from.begin(), from.end(), [&](const Pending& p) { return !predicate(p); });
  std::move(kept, from.end(), std::back_inserter(to));
  from.erase(kept, from.end());
}

}  // namespace

std::size_t line_of(const Command& command) {
  if (command.kind == CommandKind::ping) return 0;
  // Resources and queries have slots of their own, and no kind is of both.
  const auto slot = command.called != nullptr ? command.called->slot : command.resource->slot;
  return 1 + slot * (command_kinds - 1) + static_cast<std::size_t>(command.kind);
}

bool may_be_long(CommandKind kind) {
  return kind == CommandKind::list || kind == CommandKind::call;
}

bool is_lone_call(const Command& command) {
  return command.kind == CommandKind::write_call ||
         (command.kind == CommandKind::call && !command.called->query.coalesced);
}

std::string_view key_of(const Command& command) {
  return first_elements(command.elements, command.resource->resource.key.size());
}

std::string_view masks_of(const Command& change) {
  const auto& resource = change.resource->resource;
  const auto before = key_of(change).size();
  std::string_view rest = std::string_view(change.elements).substr(before);
  if (resource.has_xmin) schema::take_element(rest);
  return first_elements(rest, schema::Masks::words_for(resource.updatable().size()));
}

bool is_same_list(const Command& list, const Command& other) {
  if (list.resource != other.resource) return false;
  return list.query == other.query || *list.query == *other.query;
}

bool shares_commit(const Command& command) {
  // A view's triggers may do anything, and its rows cannot be locked beforehand.
  return is_write(command.kind) && command.called == nullptr && !command.resource->resource.view;
}

bool tells_rows_by_bytes(const schema::Resource& resource) {
  return std::ranges::all_of(resource.key, [&](std::size_t place) {
    return resource.columns[place].wire_form() == schema::WireForm::integer;
  });
}

bool is_write(CommandKind kind) {
  return kind != CommandKind::read && !may_be_long(kind) && kind != CommandKind::ping;
}

std::size_t Batch::rows() const {
  std::size_t rows = 0;
  for (const auto& pending : commands) rows += pending.command.rows;
  return rows;
}

bool Batch::is_one_call() const {
  return commands.size() == 1 || first().called->query.parameters.columns.empty();
}

struct CommandQueue::Keys {
  bool taken(const Command& command) const {
    if (command.kind == CommandKind::create) return false;
    const auto& keys = of_resource(command);
    if (keys.empty()) return false;
    return !tells_rows_by_bytes(command.resource->resource) || keys.contains(key_of(command));
  }
  void add(const Batch& batch) {
    if (batch.commands.empty() || batch.kind() == CommandKind::create) return;
    auto& keys = by_slot_[batch.first().resource->slot];
    for (const auto& pending : batch.commands) keys.insert(key_of(pending.command));
  }

 private:
  using Set = std::unordered_set<std::string_view>;
  const Set& of_resource(const Command& command) const {
    static const Set none;
    const auto found = by_slot_.find(command.resource->slot);
    return found == by_slot_.end() ? none : found->second;
  }

  std::unordered_map<std::size_t, Set> by_slot_;
};

void CommandQueue::add(Pending pending) {
  const auto line = line_of(pending.command);
  if (line >= lines_.size()) lines_.resize(line + 1);
  if (lines_[line].empty()) (may_be_long(pending.command.kind) ? long_turns_ : turns_).push_back(line);
  lines_[line].push_back(std::move(pending));
}

void CommandQueue::take(const MayGo& may_go, std::size_t most, Transaction& next) {
  next.clear();
  if (!apart_.empty() && may_go(apart_.front().first())) {
    next.push_back(std::move(apart_.front()));
    apart_.pop_front();
    return;
  }
  const bool long_may_go = std::ranges::any_of(
      long_turns_, [&](std::size_t line) { return may_go(lines_[line].front().command); });
  if (long_may_go && passed_long_ >= patience_of_long) {
    passed_long_ = 0;
    take_from(long_turns_, may_go, most, next);
    return;
  }
  if (take_from(turns_, may_go, most, next)) {
    if (long_may_go) ++passed_long_;
    return;
  }
  if (long_may_go) passed_long_ = 0;
  take_from(long_turns_, may_go, most, next);
}

bool CommandQueue::take_from(std::deque<std::size_t>& turns, const MayGo& may_go, std::size_t most,
                             Transaction& next) {
  const auto chosen =
      std::ranges::find_if(turns, [&](std::size_t line) { return may_go(lines_[line].front().command); });
  if (chosen == turns.end()) return false;
  const auto line = *chosen;
  if (shared_commits_ && shares_commit(lines_[line].front().command)) {
    take_all_that_share(next);
    return true;
  }
  if (lines_[line].front().command.kind == CommandKind::read) {
    take_reads(may_go, most, next);
    return true;
  }
  turns.erase(chosen);
  next.push_back(take_line(lines_[line], nullptr));
  if (!lines_[line].empty()) turns.push_back(line);
  return true;
}

// Two changes of one row in one transaction would have one xmin, and so their clients one ETag for two
// versions: a row is in one batch only. That of a create nobody knows beforehand, but creates come last.
void CommandQueue::take_all_that_share(Transaction& next) {
  Keys keys;
  const auto many = std::ranges::count_if(
      turns_, [&](std::size_t line) { return shares_commit(lines_[line].front().command); });
  std::vector<std::size_t> passed_over;
  for (auto turns = turns_.size(); turns > 0; --turns) {
    const auto line = turns_.front();
    turns_.pop_front();
    const bool shares = shares_commit(lines_[line].front().command);
    auto batch = shares ? take_line(lines_[line], many > 1 ? &keys : nullptr) : Batch{};
    if (shares && batch.commands.empty()) {
      passed_over.push_back(line);
    } else if (!lines_[line].empty()) {
      turns_.push_back(line);
    }
    if (!batch.commands.empty()) next.push_back(std::move(batch));
  }
  turns_.insert(turns_.begin(), passed_over.begin(), passed_over.end());  // the next turn is theirs
  std::ranges::stable_sort(next, {}, [](const Batch& batch) {
    return std::pair(batch.first().resource->slot, place_in_transaction(batch.kind()));
  });
  for (auto& batch : next) batch.of = next.size();
}

// libpq writes at every Sync, and PostgreSQL answers at every one. Each statement still sees what was
// committed before it began: no snapshot is shared (READ COMMITTED).
void CommandQueue::take_reads(const MayGo& may_go, std::size_t most, Transaction& next) {
  const auto reads = [&](std::size_t line) { return lines_[line].front().command.kind == CommandKind::read; };
  if (!std::ranges::all_of(turns_, reads)) most = (most + 1) / 2;  // others want a place in the pipeline, too
  had_turn_.clear();
  std::erase_if(turns_, [&](std::size_t line) {
    auto& waiting = lines_[line];
    const auto before = next.size();
    while (next.size() < most && !waiting.empty() && reads(line) && may_go(waiting.front().command)) {
      next.push_back(take_line(waiting, nullptr));
      if (shared_commits_) break;  // what is left gathers until this one has its answer
    }
    if (next.size() == before) return false;
    if (!waiting.empty()) had_turn_.push_back(line);
    return true;
  });
  for (auto& batch : next) batch.of = next.size();
  turns_.insert(turns_.end(), had_turn_.begin(), had_turn_.end());
}

Batch CommandQueue::take_line(Line& line, Keys* keys) {
  Batch batch;
  batch.commands.reserve(std::min(line.size(), max_batch_));
  std::unordered_set<std::string_view> own_keys;
  std::size_t rows = 0;
  auto kept = line.begin();  // what does not fit stays, in its order, in front of what was not looked at
  auto next = line.begin();
  for (; next != line.end() && (rows == 0 || rows + next->command.rows <= max_batch_); ++next) {
    if (fits(batch, next->command, own_keys) && (keys == nullptr || !keys->taken(next->command))) {
      rows += next->command.rows;
      batch.commands.push_back(std::move(*next));
      // A view of what has its place now: the vector was made large enough.
      const auto& command = batch.commands.back().command;
      if (needs_own_key(command.kind)) own_keys.insert(key_of(command));
    } else {
      if (kept != next) *kept = std::move(*next);
      ++kept;
    }
  }
  line.erase(kept, next);
  if (keys != nullptr) keys->add(batch);
  return batch;
}

std::vector<Pending> CommandQueue::take_expired(TimePoint now) {
  return take_if([now](const Pending& pending) { return pending.command.head.deadline <= now; });
}

std::vector<Pending> CommandQueue::take_if(const std::function<bool(const Pending&)>& holds) {
  std::vector<Pending> taken;
  for (auto* turns : {&turns_, &long_turns_}) {
    for (const auto line : *turns) move_if(lines_[line], taken, holds);
    std::erase_if(*turns, [this](std::size_t line) { return lines_[line].empty(); });
  }
  for (auto& batch : apart_) move_if(batch.commands, taken, holds);
  std::erase_if(apart_, [](const Batch& batch) { return batch.commands.empty(); });
  return taken;
}

std::vector<Pending> CommandQueue::take_all() {
  return take_expired(TimePoint::max());
}

std::size_t CommandQueue::sharing() const {
  std::size_t total = 0;
  for (const auto line : turns_) {
    if (shares_commit(lines_[line].front().command)) total += lines_[line].size();
  }
  return total;
}

std::size_t CommandQueue::size() const {
  std::size_t total = 0;
  for (const auto& batch : apart_) total += batch.commands.size();
  for (const auto* turns : {&turns_, &long_turns_}) {
    for (const auto line : *turns) total += lines_[line].size();
  }
  return total;
}

}  // namespace troupe::actors
