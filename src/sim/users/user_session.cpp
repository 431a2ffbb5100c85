#include "sim/users/user_session.hpp"

#include <spdlog/fmt/fmt.h>

#include <algorithm>

namespace troupe::sim {
namespace {

// Who cannot log in tries again: soon at first, and not in a loop.
constexpr auto first_back_off = std::chrono::milliseconds(100);
constexpr std::uint8_t most_start_doublings = 7;  // to about 13 s

}  // namespace

UserSession::UserSession(const Scenario& scenario, std::uint64_t number, Rng& data,
                         std::span<const std::string> given)
    : scenario_(scenario),
      users_(scenario.classes[scenario.places[number % scenario.places.size()].user_class]),
      given_(given),
      stage_(users_.start.empty() ? Stage::work : Stage::start) {
  set_variables();
  if (!users_.data || users_.mode == DataMode::each_request) return;
  const auto rows = users_.data->rows.size();
  const auto round = number / scenario.places.size();
  const auto ordinal = round * users_.weight + scenario.places[number % scenario.places.size()].ordinal;
  if (users_.mode == DataMode::random) row_ = data.below(rows);
  if (users_.mode == DataMode::sequential) row_ = ordinal % rows;
  if (users_.mode == DataMode::unique && ordinal < rows) row_ = ordinal;
}

std::string UserSession::fault() const {
  if (!users_.data || row_ || users_.mode != DataMode::unique) return {};
  return fmt::format("the {} rows of data with mode unique have run out: each user takes one",
                     users_.data->rows.size());
}

const std::vector<std::string>* UserSession::row(Rng& data) const {
  if (!users_.data) return nullptr;
  return &users_.data->rows[row_ ? *row_ : data.below(users_.data->rows.size())];
}

std::vector<std::string> UserSession::secrets() const {
  std::vector<std::string> values;
  for (const auto place : scenario_.secret_variables) values.push_back(variables_[place]);
  return values;
}

std::uint16_t UserSession::next_task(TimePoint now, Rng& choice) {
  if (stage_ == Stage::start) return users_.start[step_];
  if (stage_ == Stage::stop) return users_.stop[step_];
  if (step_ == 0) iteration_began_ = now;
  return users_.steps.empty() ? users_.tasks_by_weight[choice.below(users_.tasks_by_weight.size())]
                              : users_.steps[step_];
}

std::string_view UserSession::missing(const Task& task) const {
  const auto unset = std::ranges::find_if(task.needs, [&](auto place) { return variables_[place].empty(); });
  return unset == task.needs.end() ? std::string_view{} : scenario_.variables[*unset];
}

std::string UserSession::take(const Task& task, AnswerValues& values) {
  std::string fault;
  for (const auto& extraction : task.extractions) {
    auto value = values.find(extraction);
    if (!value && fault.empty()) {
      fault =
          fmt::format("cannot take {}: {}", scenario_.variables[extraction.variable], value.error().message);
    }
    // What is not there now is not what it was before.
    variables_[extraction.variable] = value ? std::move(*value) : std::string();
  }
  return fault;
}

void UserSession::done(bool good) {
  if (stage_ == Stage::start) {
    if (!good) return start_again();
    if (++step_ < users_.start.size()) return;
    stage_ = Stage::work;
    step_ = 0;
    failed_starts_ = 0;
    return;
  }
  if (!good && users_.ends_on_failure) {
    gave_up_ = true;
    step_ = 0;
    return;
  }
  ++step_;
  if (stage_ == Stage::stop || step_ < users_.steps.size()) return;
  step_ = 0;
  ++iterations_;
}

void UserSession::start_again() {
  step_ = 0;
  failed_starts_ =
      static_cast<std::uint8_t>(std::min<unsigned>(failed_starts_ + 1u, most_start_doublings + 1u));
  set_variables();
}

void UserSession::set_variables() {
  variables_.assign(given_.begin(), given_.end());
  variables_.resize(scenario_.variables.size());
}

Duration UserSession::pause(TimePoint now, Rng& think) const {
  if (stage_ == Stage::start) {
    const bool failed = step_ == 0 && failed_starts_ > 0;
    return failed ? first_back_off * (1u << (failed_starts_ - 1u)) : Duration{};
  }
  if (stage_ == Stage::stop) return {};
  if (users_.every && step_ == 0) {
    const bool first = iterations_ == 0;
    return first ? Duration{} : std::max(iteration_began_ + *users_.every - now, Duration{});
  }
  return users_.think_time.sample(think);
}

bool UserSession::begin_stop() {
  if (stage_ == Stage::start) return false;
  if (stage_ == Stage::work) {
    stage_ = Stage::stop;
    step_ = 0;
  }
  return step_ < users_.stop.size();
}

}  // namespace troupe::sim
