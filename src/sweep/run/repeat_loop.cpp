#include "sweep/run/repeat_loop.hpp"

#include <algorithm>
#include <ctime>

#include "sim/result/provenance.hpp"

namespace troupe::sweep {
namespace {

// Emptying and filling the table, a checkpoint, opening and closing connections: measured on two cores with a
// quiet disk.
constexpr std::chrono::duration<double> expected_set_up{0.1};

}  // namespace

std::chrono::duration<double> expected_repeat_time(const Spec& spec) {
  return spec.duration + spec.warm_up + expected_set_up;
}

RepeatLoop::RepeatLoop(RepeatLoopParts parts, Sweep& sweep)
    : parts_(std::move(parts)),
      sweep_(sweep),
      schedule_(parts_.spec, parts_.grid, parts_.maker, sweep.repeats),
      spent_before_(expected_repeat_time(parts_.spec) * sweep.repeats.size()) {}

std::chrono::duration<double> RepeatLoop::time_of_a_repeat() const {
  if (run_here_ == 0) return expected_repeat_time(parts_.spec);
  return std::chrono::duration<double>(TimePoint::clock::now() - start_) / static_cast<double>(run_here_);
}

std::chrono::duration<double> RepeatLoop::time_left() const {
  if (parts_.spec.budget) {
    return *parts_.spec.budget - spent_before_ -
           std::chrono::duration<double>(TimePoint::clock::now() - start_);
  }
  const auto total = schedule_.total().value_or(0);
  return time_of_a_repeat() * static_cast<double>(total - std::min(total, sweep_.repeats.size()));
}

Result<void> RepeatLoop::run() {
  start_ = TimePoint::clock::now();
  while (!interrupted_) {
    if (parts_.spec.budget && time_left() < time_of_a_repeat()) return {};
    const auto job = schedule_.next();
    if (!job) return {};
    if (const auto done = run_one(*job); !done) return done.error();
  }
  return {};
}

Result<bool> RepeatLoop::run_one(const Job& job) {
  if (parts_.prepare) {
    if (const auto done = parts_.prepare(*job.planned); !done) return done.error();
  }
  auto repeat = parts_.runner.run(job);
  if (!repeat) {  // which is a result of this cell, and no reason to leave out the others
    Repeat failed;
    failed.cell = job.planned->cell;
    failed.round = job.round;
    failed.started_at = sim::rfc3339(std::time(nullptr));
    failed.failure = repeat.error().message;
    repeat = std::optional(std::move(failed));
  }
  if (!*repeat) return false;
  (*repeat)->sequence = sweep_.repeats.size();
  if (const auto done = parts_.record(**repeat); !done) return done.error();
  sweep_.repeats.push_back(**std::move(repeat));
  ++run_here_;
  schedule_.on_recorded(sweep_.repeats.back());
  parts_.show({&sweep_.repeats.back(), sweep_.repeats.size(), schedule_.total(), time_left()});
  return true;
}

void RepeatLoop::interrupt() {
  interrupted_ = true;
  parts_.runner.interrupt();
}

}  // namespace troupe::sweep
