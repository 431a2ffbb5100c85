#include "actors/database/database_pool.hpp"

#include <algorithm>
#include <caf/actor_cast.hpp>
#include <caf/mailbox_element.hpp>
#include <caf/no_stages.hpp>
#include <thread>
#include <tuple>

#include "actors/database/command_queue.hpp"

namespace troupe::actors {

namespace {

std::uint64_t load(const std::atomic<std::uint64_t>& value) {
  return value.load(std::memory_order_relaxed);
}

}  // namespace

std::optional<Failure> DatabasePool::submit(caf::local_actor& sender, std::size_t home, Command command) {
  const bool list = may_be_long(command.kind);
  const auto* member = choose(home, list);
  if (member == nullptr) return Failure{Failure::Kind::database_away};
  auto& stats = *member->stats;
  if (stats.outstanding.fetch_add(1, std::memory_order_relaxed) >= queue_limit_) {
    stats.outstanding.fetch_sub(1, std::memory_order_relaxed);
    return Failure{Failure::Kind::queue_full};
  }
  if (list) stats.lists.fetch_add(1, std::memory_order_relaxed);
  auto element = caf::make_mailbox_element(caf::strong_actor_ptr{sender.ctrl()}, caf::make_message_id(),
                                           caf::no_stages, std::move(command));
  member->actor->enqueue(std::move(element), sender.context());
  return std::nullopt;
}

const DatabasePool::Member* DatabasePool::choose(std::size_t home, bool list) const {
  const Member* best = nullptr;
  std::tuple<bool, std::uint64_t, bool, std::uint64_t> best_rank;
  for (const auto& member : members_) {
    const auto& stats = *member.stats;
    if (!stats.ready.load(std::memory_order_relaxed)) continue;
    const auto lists = load(stats.lists);
    const auto waiting = load(stats.outstanding);
    const bool away = member.worker != home;
    // Lower is better. Nobody waits behind a list if there is another way; then single-row commands stay on
    // their worker (no wake-up, bigger batches) unless its queue is full, and lists go where least waits.
    const bool full = waiting >= queue_limit_;
    const auto rank = list ? std::tuple(full, lists, waiting > 0, waiting + (away ? 1 : 0))
                           : std::tuple(full, std::uint64_t{lists > 0}, away, waiting);
    if (best == nullptr || rank < best_rank) {
      best = &member;
      best_rank = rank;
    }
  }
  return best;
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
