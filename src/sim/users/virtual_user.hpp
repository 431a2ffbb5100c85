#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "actors/runtime/pinned_actor.hpp"
#include "sim/users/swarm_part.hpp"
#include "sim/users/user_session.hpp"

namespace troupe::sim {

/// One user of the system under test: makes up a request, waits for its answer, records it, thinks. It is
/// pinned to a worker whatever the scheduler, so that the generator is the same in all runs that are
/// compared. It knows no time but that of its worker's timers.
class VirtualUser final : public actors::PinnedActor, public BusyHook {
 public:
  /// `number`, unique among all users of the run, decides the user's random choices. The part outlives it.
  VirtualUser(caf::actor_config& config, SwarmPart& part, std::uint64_t number);

  std::uint64_t ticket() const { return ticket_; }
  TimePoint started() const { return started_; }

  /// One turn on the worker: the messages that have come. Some of them are timed (UserTurns).
  caf::resumable::resume_result resume(caf::execution_unit* unit, std::size_t most_messages) override;

 protected:
  caf::behavior make_behavior() override;
  void on_exit() override;

 private:
  void settle_in();
  void begin(TimePoint intended, TimePoint due, TimePoint now);
  void take_up(std::uint16_t task_number);
  bool choose_task(TimePoint intended);
  bool is_missing_a_value(TimePoint time);
  void send_call(TimePoint intended, TimePoint due, TimePoint now);
  bool take_job();
  void choose_row();
  std::optional<RowKey> choose_own_row();
  void keep_row(const RowKey& key);
  Call make_call();
  void finish(const Answer& answer);
  void stop_waiting();
  std::string look_into(const Answer& answer);
  void record(const Answer& answer, CallOutcome outcome, std::string_view message, TimePoint end);
  void keep_sample(CallOutcome outcome, std::string_view message, TimePoint end);
  void record_times(const RequestTimes& times, TimePoint end);
  void keep_books(const Answer& answer, bool good);
  void go_on(bool refused, TimePoint end);
  std::optional<TimePoint> next_arrival();
  void wake_at(TimePoint when);
  void stop();
  void end_by_itself();
  void wind_down();
  bool is_goodbye() const;

  TimePoint now() { return home().timers().precisely(); }
  const Task& task() const { return part_.scenario.tasks[task_]; }
  /// The table that the task under way is about.
  std::size_t table() const { return part_.material.tasks[task_].table; }

  SwarmPart& part_;
  std::unique_ptr<Link> link_;
  std::unique_ptr<UserSession> session_;  ///< null: it remembers nothing
  Rng task_choice_, key_choice_, think_, data_;
  std::uint64_t number_;
  std::vector<std::vector<RowKey>> own_rows_;  ///< by table
  TimePoint intended_{};  ///< of the request under way, or of the next one while it thinks
  TimePoint due_{};       ///< when it could begin
  TimePoint started_{};
  RowKey key_;                ///< the row that the request under way is about; empty: none
  std::size_t position_ = 0;  ///< cycle: the item's place
  std::uint64_t ticket_ = 0;
  std::uint16_t task_ = 0;
  std::uint8_t failures_in_row_ = 0;
  bool waiting_ = false;  ///< for an answer
  bool stopping_ = false;
  bool goodbye_ = false;  ///< what it sends now is no request of the load: none was left
};

}  // namespace troupe::sim
