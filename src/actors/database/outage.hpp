#pragma once

#include <atomic>
#include <cstddef>
#include <memory>
#include <utility>
#include <vector>

#include "actors/database/command_queue.hpp"
#include "support/time.hpp"

namespace troupe::actors {

/// The commands that wait in one actor while it has no connection: for how long, and how many bytes of memory
/// all of the pool's may have together. Used by one actor; the count of bytes is shared.
class Outage {
 public:
  /// `bytes`: shared by the pool's actors; outlives none of them.
  Outage(Duration wait, std::size_t memory, std::shared_ptr<std::atomic<std::size_t>> bytes)
      : wait_(wait), memory_(memory), bytes_(std::move(bytes)) {}
  ~Outage() { end(); }
  Outage(const Outage&) = delete;
  Outage& operator=(const Outage&) = delete;

  void begin(TimePoint now) { began_ = now; }
  /// May this command wait? Then its bytes are counted.
  bool admit(const Command& command);
  /// Removes from `queue` and returns what has waited long enough.
  std::vector<Pending> take_expired(CommandQueue& queue, TimePoint now);
  /// There is a connection, or nobody waits for one.
  void end();

 private:
  Duration wait_;
  std::size_t memory_;
  std::shared_ptr<std::atomic<std::size_t>> bytes_;
  std::size_t own_bytes_ = 0;
  TimePoint began_{};
};

}  // namespace troupe::actors
