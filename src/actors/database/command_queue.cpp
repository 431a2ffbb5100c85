// Which statement goes next, and what shares it. A line is one kind of command of one resource:
//
//   alone_         | a refused batch's commands, a statement each |  first
//   items, read    | 4 9 1 4 | --+
//   items, create  | a b c   |   |  in turn, so that none starves; up to max_batch rows of a line
//   items, change  | 7 7 2   |   |  share a statement (7 and 2; the second 7 waits for the next)
//   orders, read   | x       |   |
//   ping           | .       | --+
//   items, list    | Q Q R   |  last, until 64 statements have passed it; equal queries share (Q, Q)
//   report, call   | p q     |  the same; they share where the query is coalesced
//
// Whether a line's turn has come is the actor's to say: BatchesInFlight::has_room_for.
#include "actors/database/command_queue.hpp"

#include <algorithm>

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

void move_if(std::deque<Pending>& from, std::vector<Pending>& to, auto predicate) {
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

void CommandQueue::add(Pending pending) {
  const auto line = line_of(pending.command);
  if (line >= lines_.size()) lines_.resize(line + 1);
  if (lines_[line].empty()) (may_be_long(pending.command.kind) ? long_turns_ : turns_).push_back(line);
  lines_[line].push_back(std::move(pending));
}

std::optional<Batch> CommandQueue::take(const MayGo& may_go) {
  if (!alone_.empty() && may_go(alone_.front().command)) {
    Batch batch;
    batch.commands.push_back(std::move(alone_.front()));
    alone_.pop_front();
    return batch;
  }
  const bool long_may_go = std::ranges::any_of(
      long_turns_, [&](std::size_t line) { return may_go(lines_[line].front().command); });
  if (long_may_go && passed_long_ >= patience_of_long) {
    passed_long_ = 0;
    return take_from(long_turns_, may_go);
  }
  if (auto batch = take_from(turns_, may_go)) {
    if (long_may_go) ++passed_long_;
    return batch;
  }
  if (long_may_go) passed_long_ = 0;
  return take_from(long_turns_, may_go);
}

std::optional<Batch> CommandQueue::take_from(std::deque<std::size_t>& turns, const MayGo& may_go) {
  const auto next =
      std::ranges::find_if(turns, [&](std::size_t line) { return may_go(lines_[line].front().command); });
  if (next == turns.end()) return std::nullopt;
  const auto line = *next;
  turns.erase(next);
  auto batch = take_line(lines_[line]);
  if (!lines_[line].empty()) turns.push_back(line);
  return batch;
}

Batch CommandQueue::take_line(std::deque<Pending>& line) {
  Batch batch;
  batch.commands.reserve(std::min(line.size(), max_batch_));
  std::unordered_set<std::string_view> keys;
  std::size_t rows = 0;
  auto kept = line.begin();  // what does not fit stays, in its order, in front of what was not looked at
  auto next = line.begin();
  for (; next != line.end() && (rows == 0 || rows + next->command.rows <= max_batch_); ++next) {
    if (fits(batch, next->command, keys)) {
      rows += next->command.rows;
      batch.commands.push_back(std::move(*next));
      // A view of what has its place now: the vector was made large enough.
      const auto& command = batch.commands.back().command;
      if (needs_own_key(command.kind)) keys.insert(key_of(command));
    } else {
      if (kept != next) *kept = std::move(*next);
      ++kept;
    }
  }
  line.erase(kept, next);
  return batch;
}

std::vector<Pending> CommandQueue::take_expired(TimePoint now) {
  std::vector<Pending> expired;
  auto is_expired = [now](const Pending& pending) { return pending.command.head.deadline <= now; };
  for (auto* turns : {&turns_, &long_turns_}) {
    for (const auto line : *turns) move_if(lines_[line], expired, is_expired);
    std::erase_if(*turns, [this](std::size_t line) { return lines_[line].empty(); });
  }
  move_if(alone_, expired, is_expired);
  return expired;
}

std::vector<Pending> CommandQueue::take_all() {
  return take_expired(TimePoint::max());
}

std::size_t CommandQueue::size() const {
  std::size_t total = alone_.size();
  for (const auto* turns : {&turns_, &long_turns_}) {
    for (const auto line : *turns) total += lines_[line].size();
  }
  return total;
}

}  // namespace troupe::actors
