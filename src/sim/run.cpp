#include "sim/run.hpp"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <ctime>
#include <utility>

#include "sim/load/unmeasured_plan.hpp"
#include "sim/result/provenance.hpp"

namespace troupe::sim {
namespace {

/// "login status: 401 (and 2 more)": the first of them.
std::string first_of(const std::vector<FailureCount>& failures, const Scenario& steps) {
  const auto& first = failures.front();
  const auto more = failures.size() == 1 ? "" : fmt::format(" (and {} more)", failures.size() - 1);
  return fmt::format("'{}' failed: {}: {}{}", steps.tasks[first.task].name, to_string(first.outcome),
                     first.message, more);
}

std::vector<Duration> cpu_times_of(actors::Runtime& runtime) {
  std::vector<Duration> times;
  for (std::size_t i = 0; i < runtime.workers().size(); ++i) times.push_back(runtime.workers()[i].cpu_time());
  return times;
}

}  // namespace

std::vector<RunStatistics::TaskName> task_names(const Scenario& scenario) {
  std::vector<RunStatistics::TaskName> names;
  // None with a cycle; with classes of users it is the users that have weights.
  const auto all = scenario.classes.empty() ? static_cast<double>(scenario.tasks_by_weight.size()) : 0;
  for (const auto& task : scenario.tasks)
    names.push_back({task.name, task.method, all > 0 ? task.weight / all : 0});
  return names;
}

RunInfo info_of_beginning(const Plan& plan) {
  RunInfo info;
  info.started_at_unix_s = std::time(nullptr);
  info.started_at = rfc3339(info.started_at_unix_s);
  auto& workload = info.workload;
  workload.model = to_string(plan.model);
  workload.mean_think = plan.scenario->mean_think();
  if (plan.model == LoadModel::open) {
    workload.arrival_rate_per_s = plan.profile.peak();
    workload.arrivals = to_string(plan.arrivals);
  } else {
    workload.users =
        plan.model == LoadModel::cycle ? plan.most_users : static_cast<std::uint64_t>(plan.profile.peak());
  }
  for (const auto& stage : plan.stages) workload.stages.push_back({stage.length, stage.target});
  return info;
}

std::optional<std::string> why_nothing_measured(const RunResult& result, const Plan& plan) {
  const auto& total = result.total;
  const bool something = total.all_requests() + total.dropped > 0 || !result.failures.empty();
  if (result.run.interrupted || something || result.run.elapsed >= Seconds(load_length(plan))) return {};
  const bool by_requests = plan.stop_after && !plan.scenario->limits_iterations();
  const bool only_ramp = plan.warm_up.fixed == Duration{};
  return fmt::format("nothing was measured: {} ended within the {}; {} or raise {}",
                     by_requests ? "the requests of --stop-after" : "the users' iterations",
                     only_ramp ? "ramp" : "warm-up", only_ramp ? "raise --spawn-rate" : "lower --warm-up",
                     by_requests ? "--stop-after" : "iterations");
}

Run::Run(RunParts parts, std::shared_ptr<const Plan> plan, PassOrFail pass_or_fail)
    : parts_(std::move(parts)),
      plan_(std::move(plan)),
      pass_or_fail_(std::move(pass_or_fail)),
      unmeasured_(parts_.loop, parts_.runtime, parts_.transport),
      statistics_(task_names(*plan_->scenario), plan_->warm_up, plan_->ramp, plan_->timeout,
                  load_length(*plan_)) {
  for (const auto& threshold : pass_or_fail_.thresholds) {
    if (threshold.after == Duration{}) continue;
    // What is left out in any case stays left out.
    const auto from = std::max(threshold.after, edges_of(*plan_).measured_from);
    later_.try_emplace(threshold.after, task_names(*plan_->scenario), WarmUp{from}, Duration{},
                       plan_->timeout, load_length(*plan_));
  }
}

Result<void> Run::set_up() {
  const auto& steps = plan_->scenario->setup;
  if (steps) {
    auto outcome = unmeasured_.run(steps_plan(*plan_, steps), *steps_material(*steps), parts_.variables);
    if (!outcome.failures.empty() && !interrupted_)
      return Error{ErrorCode::unavailable, "setup step " + first_of(outcome.failures, *steps)};
    if (!outcome.failures.empty() || !outcome.variables) return {};  // interrupted in the middle of it
    parts_.variables = *std::move(outcome.variables);
  }
  is_set_up_ = true;
  return {};
}

Result<void> Run::tear_down() {
  const auto& steps = plan_->scenario->teardown;
  if (!std::exchange(is_set_up_, false) || !steps) return {};
  tears_down_ = true;
  const auto outcome = unmeasured_.run(steps_plan(*plan_, steps), *steps_material(*steps), parts_.variables);
  if (outcome.failures.empty()) return {};
  return Error{ErrorCode::unavailable, "teardown step " + first_of(outcome.failures, *steps)};
}

Result<void> Run::make_existing_items() {
  const auto items = items_to_make(*plan_);
  if (items == 0) return {};
  auto outcome = unmeasured_.run(items_plan(*plan_, items), parts_.material->for_existing_items());
  existing_items_ = std::move(outcome.items);
  if (interrupted_ || existing_items_.size() == items) return {};
  const auto why = outcome.failures.empty() ? "the answers name no id" : outcome.failures.front().message;
  return Error{ErrorCode::unavailable, fmt::format("could not make the {} items that scenario {} needs: {}",
                                                   items, plan_->scenario->name, why)};
}

void Run::use_existing_items() {
  const auto items = static_cast<std::int64_t>(items_to_make(*plan_));
  for (std::int64_t id = 1; id <= items; ++id) existing_items_.push_back(integer_key(id));
}

RunResult Run::execute() {
  RunResult result;
  result.run = info_of_beginning(*plan_);
  start_ = TimePoint::clock::now();
  if (parts_.waterfall != nullptr) parts_.waterfall->begin(start_, edges_of(*plan_));
  sample_cpu();
  if (edges_of(*plan_).measured_by == Duration{}) parts_.on_measuring();
  if (!interrupted_) {
    swarm_ = std::make_unique<Swarm>(parts_.loop, parts_.runtime, plan_, *parts_.material, parts_.transport,
                                     parts_.waterfall, Supplies{existing_items_, parts_.variables});
    swarm_->start(start_, {
                              .on_interval = [this](Interval interval) { on_interval(std::move(interval)); },
                              .on_phase_done = [this](std::size_t phase) { on_phase_done(phase); },
                              .on_users_done = [this] { cut_load(); },
                              .on_end = [this] { ended_ = true; },
                          });
    run_until(parts_.loop, ended_);
    timer_lag_ = swarm_->timer_lag();
    users_time_ = swarm_->users_time();
    samples_ = swarm_->samples();
    if (const auto& left = swarm_->variables()) variables_left_ = *left;
    swarm_.reset();
  }
  sample_cpu();
  parts_.view.close();
  statistics_.finish(elapsed(), result);
  add_samples(result);
  result.run.interrupted = interrupted_;
  add_phases(result);
  result.verdict = judge_generator(result, *plan_, facts(result));
  if (parts_.waterfall != nullptr) {
    result.waterfall = parts_.waterfall->result(std::chrono::duration_cast<Duration>(result.run.warm_up));
  }
  judge(result);
  return result;
}

RunStatistics& Run::statistics_of(const Threshold& threshold) {
  const auto found = later_.find(threshold.after);
  return found != later_.end() ? found->second : statistics_;
}

void Run::judge(RunResult& result) {
  std::map<Duration, RunResult> later;
  for (auto& [after, statistics] : later_) statistics.finish(elapsed(), later[after]);
  for (const auto& threshold : pass_or_fail_.thresholds) {
    const auto found = later.find(threshold.after);
    const auto& by = found != later.end() ? found->second : result;
    result.thresholds.push_back(evaluate(threshold, by.tasks, by.total));
  }
}

/// Until no further request began; answers that came after it are part of its last second.
Duration Run::elapsed() const {
  if (cut_short_) return *cut_short_ - start_;
  return plan_->model == LoadModel::cycle ? phase_ends_.back() - start_ : plan_->profile.length();
}

void Run::interrupt() {
  interrupted_ = true;
  if (!tears_down_) unmeasured_.end();  // what was set up is put away in any case
  cut_short();
}

void Run::cut_short() {
  cut_load();
  if (swarm_) swarm_->end(true);
}

void Run::cut_load() {
  if (!cut_short_) cut_short_ = std::max(TimePoint::clock::now(), start_);
  if (parts_.waterfall != nullptr) parts_.waterfall->end_load(*cut_short_);
}

void Run::on_interval(Interval interval) {
  parts_.on_interval(interval);
  tell_edges(interval);
  for (auto& [after, statistics] : later_) statistics.add(interval);
  if (!statistics_.add(std::move(interval))) return;
  sample_cpu();
  const auto& point = statistics_.last_second();
  const auto length = Seconds(plan_->profile.length()).count();
  std::optional<double> progress;
  if (plan_->model != LoadModel::cycle && length > 0)
    progress = static_cast<double>(point.second + 1) / length;
  parts_.view.show(point, progress);
  parts_.on_second(point);
  if (pass_or_fail_.abort_on_fail) check_thresholds();
}

void Run::tell_edges(const Interval& interval) {
  const auto edges = edges_of(*plan_);
  const bool fixed = edges.measured_from == edges.measured_by;
  if (fixed && interval.begin < edges.measured_from && interval.end >= edges.measured_from) {
    sample_cpu();
    parts_.on_measuring();
  }
  if (interval.end == edges.load_end) {
    sample_cpu();
    parts_.on_load_end();
  }
}

void Run::on_phase_done(std::size_t) {
  phase_ends_.push_back(TimePoint::clock::now());
}

void Run::sample_cpu() {
  CpuSample sample{TimePoint::clock::now(), cpu_times_of(parts_.runtime), {}};
  if (parts_.server_runtime == &parts_.runtime) {
    sample.server = sample.workers;
  } else if (parts_.server_runtime != nullptr) {
    sample.server = cpu_times_of(*parts_.server_runtime);
  }
  forget_last_cpu_sample();
  cpu_.push_back(std::move(sample));
}

/// Unless the measuring may begin or end with it: only the first and the last samples of a run are asked for,
/// and those at which a warm-up may be cut.
void Run::forget_last_cpu_sample() {
  if (cpu_.size() < 3) return;
  const auto edges = edges_of(*plan_);
  const auto when = cpu_[cpu_.size() - 2].when - start_;
  if (when < edges.measured_from || when > edges.measured_by + std::chrono::seconds(2))
    cpu_.erase(cpu_.end() - 2);
}

void Run::check_thresholds() {
  for (const auto& threshold : pass_or_fail_.thresholds) {
    auto tasks = statistics_of(threshold).tasks_so_far();
    const auto total = std::move(tasks.back());
    tasks.pop_back();
    // Without requests it is still warming up, or not yet time.
    if (total.requests > 0 && evaluate(threshold, tasks, total).failed) return cut_short();
  }
}

void Run::add_phases(RunResult& result) const {
  auto begin = start_;
  for (std::size_t i = 0; i < phase_ends_.size(); ++i) {
    const auto& task = result.tasks[i];
    const Seconds length = phase_ends_[i] - begin;
    begin = phase_ends_[i];
    result.phases.push_back({task.name, task.requests, task.requests - task.failed, task.failed, length,
                             per_second(task.requests, length)});
  }
}

void Run::add_samples(RunResult& result) const {
  std::vector<std::string> names;
  for (const auto& task : plan_->scenario->tasks) names.push_back(task.name);
  samples_.attach(names, result.failures);
}

GeneratorFacts Run::facts(const RunResult& result) const {
  const auto [from, to] = measured_cpu(result);
  const auto wall = to.when - from.when;
  using Server = GeneratorFacts::Server;
  return {.worker_cpu = busy_shares(from.workers, to.workers, wall),
          .server_cpu = busy_shares(from.server, to.server, wall),
          .timer_lag = timer_lag_,
          .busy = statistics_.busy(),
          .server = parts_.server_runtime == nullptr           ? Server::outside
                    : parts_.server_runtime == &parts_.runtime ? Server::on_same_workers
                                                               : Server::on_same_machine,
          .users_share = users_share()};
}

/// Of the time that the workers worked in the whole run.
double Run::users_share() const {
  Duration busy{};
  for (std::size_t i = 0; i < cpu_.back().workers.size(); ++i)
    busy += cpu_.back().workers[i] - cpu_.front().workers[i];
  return busy > Duration{} ? std::min(to_seconds(users_time_) / to_seconds(busy), 1.0) : 0;
}

std::pair<CpuSample, CpuSample> Run::measured_cpu(const RunResult& result) const {
  const auto measured_from = start_ + std::chrono::duration_cast<Duration>(result.run.warm_up);
  auto first = std::find_if(cpu_.begin(), cpu_.end(),
                            [&](const auto& sample) { return sample.when >= measured_from; });
  // Waiting for the last answers is no load any more.
  const auto load_end = start_ + elapsed() + std::chrono::milliseconds(100);
  auto last =
      std::find_if(cpu_.rbegin(), cpu_.rend(), [&](const auto& sample) { return sample.when <= load_end; });
  if (last == cpu_.rend() || first == cpu_.end() || last->when <= first->when)
    return {cpu_.front(), cpu_.back()};
  return {*first, *last};
}

}  // namespace troupe::sim
