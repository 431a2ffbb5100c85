#include "actors/database/database_pool.hpp"

#include <algorithm>
#include <caf/actor_cast.hpp>
#include <caf/mailbox_element.hpp>
#include <caf/no_stages.hpp>
#include <thread>
#include <tuple>

#include "actors/database/command_queue.hpp"
#include "support/invariant.hpp"

namespace troupe::actors {

namespace {

std::uint64_t load(const std::atomic<std::uint64_t>& value) {
  return value.load(std::memory_order_relaxed);
}

/// May a list go there? One connection is always free of them (if there are two), and so is the one that
/// writes are packed on (if there are three). At most half of all.
bool takes_lists(std::size_t index, std::size_t connections, std::size_t writes) {
  if (connections == 1) return true;
  const auto end = writes > 0 && connections > 2 ? connections - writes : connections;
  const auto begin = end - std::min(end - 1, connections / 2);
  return index >= begin && index < end;
}

/// Is `index` where commands of this lane belong? `writes`: see `write_lanes`.
bool is_of_lane(std::size_t index, Lane lane, std::size_t connections, std::size_t writes) {
  if (lane == Lane::list) return takes_lists(index, connections, writes);
  if (writes == 0) return true;
  return (index + writes >= connections) == (lane == Lane::write);
}

/// Those that a single-row command waits for: lists come last.
std::uint64_t rows_waiting(const DatabaseActorStats& stats) {
  const auto outstanding = load(stats.outstanding);
  return outstanding - std::min(load(stats.lists), outstanding);
}

/// What a single-row command will wait for its statement's answer there, at least: what waits shares
/// statements.
std::uint64_t row_wait_ns(const DatabaseActorStats& stats, std::size_t max_batch) {
  return (1 + rows_waiting(stats) / max_batch) * load(stats.row_time_ns);
}

/// Would it wait so long that another connection is worth its switches?
bool is_busy(const DatabaseActorStats& stats, std::size_t max_batch) {
  constexpr std::uint64_t short_wait_ns = 4'000'000;
  return row_wait_ns(stats, max_batch) > short_wait_ns && load(stats.outstanding) > 0;
}

/// The command would be answered past its deadline, if nothing changes. Where nothing waits nobody is
/// refused: an estimate that is too long would never be corrected.
bool comes_too_late(const Command& command, const DatabaseActorStats& stats, std::size_t max_batch) {
  const bool list = may_be_long(command.kind);
  if ((list ? load(stats.lists) : rows_waiting(stats)) == 0) return false;
  const auto wait_ns =
      list ? (1 + load(stats.lists)) * load(stats.list_time_ns) : row_wait_ns(stats, max_batch);
  return std::chrono::nanoseconds(wait_ns) > command.head.deadline - command.head.submitted;
}

}  // namespace

DatabasePool::DatabasePool(std::vector<Member> members, PoolRules rules)
    : members_(std::move(members)), rules_(std::move(rules)) {
  TROUPE_INVARIANT(!members_.empty(), "a pool needs a connection");
  TROUPE_INVARIANT(!rules_.lanes || rules_.state, "lanes are chosen by what is known of them");
  for (const auto& member : members_) workers_ = std::max(workers_, member.worker + 1);
}

std::optional<Failure> DatabasePool::submit(caf::local_actor& sender, std::size_t home, Command command) {
  const auto& member = choose(home, lane_of(command.kind));
  auto& stats = *member.stats;
  if (stats.stopping.load(std::memory_order_relaxed)) return Failure{Failure::Kind::database_away};
  if (comes_too_late(command, stats, rules_.max_batch)) return Failure{Failure::Kind::queue_full};
  if (stats.outstanding.fetch_add(1, std::memory_order_relaxed) >= rules_.queue_limit) {
    stats.outstanding.fetch_sub(1, std::memory_order_relaxed);
    return Failure{Failure::Kind::queue_full};
  }
  if (may_be_long(command.kind)) stats.lists.fetch_add(1, std::memory_order_relaxed);
  auto element = caf::make_mailbox_element(caf::strong_actor_ptr{sender.ctrl()}, caf::make_message_id(),
                                           caf::no_stages, std::move(command));
  member.actor->enqueue(std::move(element), sender.context());
  return std::nullopt;
}

const DatabasePool::Member& DatabasePool::choose(std::size_t home, Lane lane) const {
  if (!rules_.lanes) return choose_shared(home, lane == Lane::list);
  // Mostly a worker's own first connection has nothing against it, and then the others' figures, which other
  // workers write all the time, are not read.
  if (lane != Lane::list && home < members_.size() &&
      rules_.state->writes.load(std::memory_order_relaxed) == 0) {
    const auto& own = members_[home];
    const auto& stats = *own.stats;
    if (own.worker == home && stats.ready.load(std::memory_order_relaxed) && load(stats.lists) == 0 &&
        !is_busy(stats, rules_.max_batch))
      return own;
  }
  return choose_by_lane(home, lane);
}

bool DatabasePool::serves(std::size_t index, Lane lane) const {
  if (!rules_.lanes) return true;
  return is_of_lane(index, lane, members_.size(), rules_.state->writes.load(std::memory_order_relaxed));
}

// Packed and not spread: the first one that will do, so that what shares a statement or a commit meets there.
const DatabasePool::Member& DatabasePool::choose_by_lane(std::size_t home, Lane lane) const {
  const auto writes = rules_.state->writes.load(std::memory_order_relaxed);
  const auto size = members_.size();
  const Member* best = nullptr;
  std::tuple<bool, bool, std::uint64_t, bool, bool, bool, std::uint64_t> best_rank;
  for (std::size_t index = 0; index < size; ++index) {
    const auto& member = members_[index];
    const auto& stats = *member.stats;
    const auto lists = load(stats.lists);
    const auto waiting = load(stats.outstanding);
    const bool unready = !stats.ready.load(std::memory_order_relaxed);
    const bool full = waiting >= rules_.queue_limit;
    const bool busy = is_busy(stats, rules_.max_batch);
    const bool away = member.worker != home;
    const bool astray = !is_of_lane(index, lane, size, writes);
    // Lower is better. A list leaves its lane only when nothing there works; a single row also rather than to
    // wait behind a list.
    const auto rank = lane == Lane::list ? std::tuple(unready, astray, lists, index<workers_, waiting> 0,
                                                      away, std::uint64_t{index})
                                         : std::tuple(unready, full, std::uint64_t{lists > 0}, astray, busy,
                                                      away, busy ? waiting : std::uint64_t{index});
    if (best == nullptr || rank < best_rank) {
      best = &member;
      best_rank = rank;
    }
  }
  return *best;
}

const DatabasePool::Member& DatabasePool::choose_shared(std::size_t home, bool list) const {
  const Member* best = nullptr;
  std::tuple<bool, bool, std::uint64_t, bool, std::uint64_t> best_rank;
  for (const auto& member : members_) {
    const auto& stats = *member.stats;
    const bool unready = !stats.ready.load(std::memory_order_relaxed);
    const auto lists = load(stats.lists);
    const auto waiting = load(stats.outstanding);
    const bool away = member.worker != home;
    // Lower is better. Nobody waits behind a list if there is another way; then single-row commands stay on
    // their worker (no wake-up, bigger batches) unless its queue is full, and lists go where least waits.
    const bool full = waiting >= rules_.queue_limit;
    const auto rank = list ? std::tuple(unready, full, lists, waiting > 0, waiting + (away ? 1 : 0))
                           : std::tuple(unready, full, std::uint64_t{lists > 0}, away, waiting);
    if (best == nullptr || rank < best_rank) {
      best = &member;
      best_rank = rank;
    }
  }
  return *best;
}

std::size_t DatabasePool::ready() const {
  return static_cast<std::size_t>(std::ranges::count_if(
      members_, [](const Member& member) { return member.stats->ready.load(std::memory_order_relaxed); }));
}

bool wait_until_ready(const DatabasePool& pool, std::size_t connections, std::chrono::milliseconds timeout,
                      const std::function<bool()>& give_up) {
  const auto end = std::chrono::steady_clock::now() + timeout;
  while (pool.ready() < connections && !give_up() && std::chrono::steady_clock::now() < end) {
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  return pool.ready() >= connections;
}

}  // namespace troupe::actors
