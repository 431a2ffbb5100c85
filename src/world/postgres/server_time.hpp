#pragma once

#include <cstdint>
#include <functional>
#include <memory>

#include "support/random.hpp"
#include "support/time.hpp"
#include "world/time/event_queue.hpp"
#include "world/time/span.hpp"

namespace troupe::world {

/// Time and chance as a server has them: what its processes are about to do is lost when they die, and waits
/// while it is silent. Used by one thread; the queue outlives it.
class ServerTime {
 public:
  ServerTime(EventQueue& events, std::uint64_t seed);
  ~ServerTime() { end_all(); }
  ServerTime(const ServerTime&) = delete;
  ServerTime& operator=(const ServerTime&) = delete;

  TimePoint now() const { return events_.now(); }
  /// What a process of the server does after `time`.
  void later(Duration time, std::function<void()> what);
  /// All that was to come from `later` will not.
  void end_all() { ++processes_->epoch; }
  void silence(Duration time);
  TimePoint silent_until() const { return processes_->silent_until; }
  /// No byte of an answer arrives before `answers_from`.
  void hold_answers(Duration time);
  TimePoint answers_from() const { return answers_from_; }

  /// What happens outside of the server's processes, come what may.
  EventQueue& events() { return events_; }
  Duration draw(const Span& span) { return world::draw(span, chance_); }
  bool chance(double probability) { return chance_.uniform() < probability; }
  /// In [0, bound).
  std::uint64_t below(std::uint64_t bound) { return chance_.below(bound); }

 private:
  struct Processes {
    std::uint64_t epoch = 0;
    TimePoint silent_until{};
  };
  using What = std::shared_ptr<const std::function<void()>>;

  static void run(EventQueue& events, const std::shared_ptr<const Processes>& processes, std::uint64_t epoch,
                  const What& what);

  EventQueue& events_;
  Rng chance_;
  TimePoint answers_from_{};
  std::shared_ptr<Processes> processes_ = std::make_shared<Processes>();
};

}  // namespace troupe::world
