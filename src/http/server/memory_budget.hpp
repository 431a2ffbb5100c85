#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <unordered_map>

#include "http/server/outgoing_bytes.hpp"

namespace troupe::http {

/// What all workers together hold for clients that send or read slowly. Counts only: `MemoryShare` decides.
class MemoryBudget {
 public:
  /// Takes `bytes` when they fit below `limit`; false, and nothing changed, when they do not.
  bool take(std::size_t bytes, std::size_t limit);
  /// Takes `bytes` in any case.
  void overdraw(std::size_t bytes) { taken_.fetch_add(bytes, std::memory_order_relaxed); }
  void give_back(std::size_t bytes) { taken_.fetch_sub(bytes, std::memory_order_relaxed); }
  void count_refusal() { refusals_.fetch_add(1, std::memory_order_relaxed); }
  std::size_t taken() const { return taken_.load(std::memory_order_relaxed); }
  /// How often there was no room, since the start.
  std::uint64_t refusals() const { return refusals_.load(std::memory_order_relaxed); }

 private:
  std::atomic<std::size_t> taken_{0};
  std::atomic<std::uint64_t> refusals_{0};
};

/// One worker's share of the budget. It takes more than it needs and gives back less than it could, so that
/// workers seldom touch what they share. Whoever alone holds anything in a worker may hold it however little
/// is left: so there is always one who gets on, and the limit can be passed by one message per worker. Used
/// on the worker's thread.
class MemoryShare {
 public:
  MemoryShare(MemoryBudget& budget, std::size_t limit) : budget_(budget), limit_(limit) {}
  ~MemoryShare() { budget_.give_back(taken_); }
  MemoryShare(const MemoryShare&) = delete;
  MemoryShare& operator=(const MemoryShare&) = delete;

  /// Someone who holds `before` bytes will hold `after`. False, and nothing changed, when there is no room.
  bool change(std::size_t before, std::size_t after);

  /// Whether `keep` would be true now.
  bool can_keep(const OutgoingBytes& bytes);
  /// Counts what is kept for a slow reader: a body that several readers share counts once. False, and nothing
  /// changed, when there is no room.
  bool keep(const OutgoingBytes& bytes);
  /// They are kept no longer.
  void drop(const OutgoingBytes& bytes);

  std::size_t held() const { return held_; }
  /// Gives the budget back what this share took and does not need. To be called now and then.
  void give_back_spare();
  /// Once after much that was held has been let go of: the time to give memory back to the system.
  bool has_ebbed();
  /// How often there was no room, since the last call.
  std::size_t take_refusals();

 private:
  std::size_t size_of(const OutgoingBytes& bytes) const;
  bool make_room(std::size_t before, std::size_t after);

  MemoryBudget& budget_;
  std::size_t limit_;
  std::size_t taken_ = 0;     ///< from the budget
  std::size_t held_ = 0;      ///< of that, in use
  std::size_t flood_ = 0;     ///< the most that was wanted since the last ebb
  std::size_t refusals_ = 0;  ///< that nobody was told of
  std::unordered_map<const std::string*, std::size_t> readers_;  ///< of each body that is kept
};

}  // namespace troupe::http
