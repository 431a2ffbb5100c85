#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>

#include "actors/database/commit_time.hpp"
#include "actors/database/messages.hpp"
#include "support/settings.hpp"
#include "support/time.hpp"

namespace troupe::actors {

/// What commands want of a connection: those of one lane gain by sharing one, those of different lanes hold
/// each other up.
enum class Lane : std::uint8_t {
  row,    ///< single-row reads: quick, and nobody should notice a commit
  write,  ///< wait for a commit, which they can share
  list,   ///< lists and queries: may take seconds
};
Lane lane_of(CommandKind kind);

/// How many connections a pool has: the setting, or when it is automatic one per worker, one that commits and
/// one that lists.
std::size_t pool_size_of(const DatabaseSettings& settings, std::size_t workers);

/// How many rows can share a statement.
std::size_t rows_of_a_statement(const DatabaseSettings& settings);

/// Are lanes kept apart? Not where nothing gathers (Batching::pipeline, off): each write is a commit of its
/// own there, and the more connections the better.
bool uses_lanes(const DatabaseSettings& settings, std::size_t connections);

/// On how many connections, counted from the pool's end, writes are packed; 0: each worker's writes stay on a
/// connection of its own, together with its reads. That is right as long as a commit is quick: nobody changes
/// thread, and nobody waits noticeably. Where a commit takes long most of that time is waiting, and the more
/// share it the better: as few connections as keep the work between two commits about as long as a commit.
///
///   commit time   0 ──────────── join ──── split ───────────────────>
///   writes on     each worker's own │ as before │ 1 + rows · time of a row / commit time, at most half
///
/// `before`: what was decided last. `rows`: that all connections together commit at a time.
std::size_t write_lanes(std::size_t before, Duration commit, Duration per_row, double rows,
                        std::size_t connections);

/// What the actors of a pool find out about their server, and the pool goes by. All relaxed atomics: hints.
struct LaneState {
  std::atomic<std::size_t> writes{0};         ///< see `write_lanes`
  std::atomic<std::int64_t> commit_ns{0};     ///< what a commit takes, as last measured; 0: not yet
  std::atomic<std::int64_t> gathering_ns{0};  ///< what writes wait at most for others to share it

  /// What an actor has measured once more.
  void learn(const CommitTime& time, Duration gathering, std::size_t connections, std::size_t workers);
};

}  // namespace troupe::actors
