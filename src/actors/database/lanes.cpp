#include "actors/database/lanes.hpp"

#include <algorithm>
#include <cmath>

#include "actors/database/command_queue.hpp"

namespace troupe::actors {

namespace {

using namespace std::chrono_literals;

// Above the one a read notices that it waited for a commit, below the other a second connection's switches
// cost more than that. Between them nothing changes.
constexpr Duration split_above = 1ms;
constexpr Duration join_below = 700us;

}  // namespace

Lane lane_of(CommandKind kind) {
  if (may_be_long(kind)) return Lane::list;
  return is_write(kind) ? Lane::write : Lane::row;
}

std::size_t pool_size_of(const DatabaseSettings& settings, std::size_t workers) {
  if (settings.pool_size != 0) return settings.pool_size;
  return settings.lanes == LaneMode::shared ? std::max<std::size_t>(workers, 2) : workers + 2;
}

std::size_t rows_of_a_statement(const DatabaseSettings& settings) {
  return settings.batching == Batching::coalesce ? settings.max_batch : 1;
}

bool uses_lanes(const DatabaseSettings& settings, std::size_t connections) {
  return settings.lanes == LaneMode::automatic && settings.batching == Batching::coalesce && connections > 1;
}

std::size_t write_lanes(std::size_t before, Duration commit, Duration per_row, double rows,
                        std::size_t connections) {
  if (connections < 2) return 0;
  if (commit < (before == 0 ? split_above : join_below)) return 0;
  const auto half = connections / 2;
  const auto wanted = rows * to_seconds(per_row) / to_seconds(commit);
  // A half on either side keeps a figure at the border from changing its mind all the time.
  const auto kept = static_cast<double>(before);
  if (before > 0 && wanted > kept - 1.5 && wanted < kept + 0.5) return std::min(before, half);
  return static_cast<std::size_t>(std::clamp(1 + std::floor(wanted), 1.0, static_cast<double>(half)));
}

void LaneState::learn(const CommitTime& time, Duration gathering, std::size_t connections,
                      std::size_t workers) {
  const auto before = writes.load(std::memory_order_relaxed);
  const auto sharing = before == 0 ? std::min(workers, connections) : before;
  commit_ns.store(std::chrono::nanoseconds(time.commit()).count(), std::memory_order_relaxed);
  gathering_ns.store(std::chrono::nanoseconds(gathering).count(), std::memory_order_relaxed);
  writes.store(write_lanes(before, time.commit(), time.per_row(), time.rows() * static_cast<double>(sharing),
                           connections),
               std::memory_order_relaxed);
}

}  // namespace troupe::actors
