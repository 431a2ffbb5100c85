#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sim/scenario/scenario.hpp"
#include "sim/transport/answer_values.hpp"

namespace troupe::sim {

/// What a user of a class remembers: how far it is, its row of data, and the values that answers gave. Only
/// users of scenarios with classes have one. Used by that user's actor only; the scenario outlives it.
class UserSession {
 public:
  /// `number`: of the user among all of the run. `data`: its random numbers. `given`: the variables that it
  /// begins with, as Scenario::variables, or none; they outlive it.
  UserSession(const Scenario& scenario, std::uint64_t number, Rng& data,
              std::span<const std::string> given = {});

  const UserClass& users() const { return users_; }
  /// Why it cannot work: its data have run out. Empty: it can.
  std::string fault() const;
  /// The row for a request; null without data.
  const std::vector<std::string>* row(Rng& data) const;
  std::span<const std::string> variables() const { return variables_; }
  /// The values of its variables with secret names.
  std::vector<std::string> secrets() const;
  std::uint64_t iteration() const { return iterations_ + 1; }

  /// The next task begins an iteration.
  bool begins_iteration() const { return stage_ == Stage::work && step_ == 0; }
  /// The task that is due, at the moment when it begins.
  std::uint16_t next_task(TimePoint now, Rng& choice);
  /// A variable that the task needs and no answer has given; empty: there is none.
  std::string_view missing(const Task& task) const;
  /// Takes the task's values out of its answer. Why one is not there; empty: all are.
  std::string take(const Task& task, AnswerValues& values);
  /// The task that was due has ended.
  void done(bool good);

  /// It has done all its iterations, or has failed and ends by that.
  bool over() const { return gave_up_ || (users_.iterations && iterations_ >= *users_.iterations); }
  /// How long it waits before the next task, at `now`.
  Duration pause(TimePoint now, Rng& think) const;
  /// Goes to the stop steps, unless it has never got beyond the start. False: none is left.
  bool begin_stop();
  bool stopping() const { return stage_ == Stage::stop; }

 private:
  enum class Stage : std::uint8_t { start, work, stop };
  void start_again();
  void set_variables();

  const Scenario& scenario_;
  const UserClass& users_;
  std::optional<std::size_t> row_;  ///< that it keeps
  std::span<const std::string> given_;
  std::vector<std::string> variables_;  ///< empty texts: not set
  std::uint64_t iterations_ = 0;        ///< done
  TimePoint iteration_began_{};
  Stage stage_ = Stage::work;
  bool gave_up_ = false;
  std::uint8_t failed_starts_ = 0;  ///< in a row
  std::uint16_t step_ = 0;          ///< of the stage
};

}  // namespace troupe::sim
