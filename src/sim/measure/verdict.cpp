#include "sim/measure/verdict.hpp"

#include <spdlog/fmt/fmt.h>

#include <algorithm>

#include "sim/measure/recorder.hpp"
#include "support/units.hpp"

namespace troupe::sim {
namespace {

// A worker busier than this had no time left to be punctual.
constexpr double full_share = 0.95;
// Below this share a measured load says nothing about where the ceiling is.
constexpr double least_share_to_extrapolate = 0.05;
// Fewer timers are an anecdote.
constexpr std::uint64_t enough_timers = 200;
// A run so many requests long makes little of those that its ends cut in two.
constexpr double enough_requests_long = 50;
// Lag that is small against what is measured spoils nothing.
constexpr Micros tolerated_lag = std::chrono::milliseconds(1);
constexpr int tolerated_part = 5;

double mean_users(const RunResult& result) {
  double sum = 0, seconds = 0;
  for (const auto& point : result.series) {
    if (!point.measured) continue;
    sum += static_cast<double>(point.users);
    ++seconds;
  }
  return seconds > 0 ? sum / seconds : 0;
}

void look_at_dropped(const RunResult& result, const Plan& plan, Verdict& verdict) {
  const auto& total = result.total;
  if (total.dropped == 0) return;
  // A fact about the cap. Whose fault it is, the backlog does not tell.
  verdict.notes.push_back(
      fmt::format("{} of {} arrivals found {} requests under way and {} waiting, and were dropped",
                  total.dropped, total.dropped + total.requests, plan.most_users, plan.max_backlog));
}

void look_at_lag(const RunResult& result, const GeneratorFacts& facts, Verdict& verdict) {
  verdict.lag_p99 = result.total.good.lag.p99;
  const auto* who = facts.shares_workers ? ": users and server together want more CPU than there is"
                                         : ": the generator wants more CPU than it gets";
  const auto tolerated = std::max(tolerated_lag, result.total.good.response.p99 / tolerated_part);
  if (verdict.lag_p99 > tolerated) {
    verdict.reasons.push_back(fmt::format("1 % of the requests started {} or more after their moment (lag){}",
                                          describe_duration(verdict.lag_p99), who));
    return;
  }
  // Users who do not think start whenever they can and have no lag; a worker that cannot run when it should
  // shows in its timers.
  const auto timers = facts.timer_lag.percentile(99);
  if (facts.timer_lag.count() < enough_timers || timers <= tolerated) return;
  verdict.reasons.push_back(
      fmt::format("1 % of the workers' timers came {} late or more{}", describe_duration(timers), who));
}

void look_at_cpu(const RunResult& result, const Plan& plan, bool shares_workers, Verdict& verdict) {
  const auto& cpu = verdict.worker_cpu;
  if (cpu.empty()) return;
  const double busiest = *std::max_element(cpu.begin(), cpu.end());
  if (shares_workers) {
    if (busiest > full_share) {
      verdict.notes.push_back(
          "users and server share the workers, which were busy all the time: the numbers are of both "
          "together");
    }
    return;
  }
  for (std::size_t i = 0; i < cpu.size(); ++i) {
    if (cpu[i] <= full_share) continue;
    verdict.reasons.push_back(fmt::format(
        "worker {} was busy {:.0f} % of the time: use more --workers or another machine", i, 100 * cpu[i]));
  }
  if (plan.model == LoadModel::closed && busiest > least_share_to_extrapolate) {
    verdict.user_ceiling = mean_users(result) / std::min(busiest, 1.0);
  }
}

// The law holds over a stretch of time at whose two ends little is under way, compared with all that came: a
// run that is short against its requests tells nothing.
void look_at_littles_law(const RunResult& result, const Plan& plan, const BusyFigures& busy,
                         Verdict& verdict) {
  const auto& total = result.total;
  const auto answered = total.good.service.count + total.bad.service.count;
  if (plan.model == LoadModel::cycle || busy.mean <= 0 || answered == 0) return;
  const auto mean_service = (total.good.service.mean * static_cast<double>(total.good.service.count) +
                             total.bad.service.mean * static_cast<double>(total.bad.service.count)) /
                            static_cast<double>(answered);
  const bool tells = result.run.measured > enough_requests_long * Seconds(mean_service);
  verdict.littles_law =
      littles_law(busy.mean, total.rate_per_s, mean_service, tells ? busy.standard_error / busy.mean : 0);
  if (verdict.littles_law->broken()) {
    verdict.notes.push_back(fmt::format(
        "Little's law does not hold: {:.1f} requests were under way, rate × service time says {:.1f}",
        busy.mean, verdict.littles_law->expected_busy));
  }
}

OpenLoad open_load(const TaskStats& total, Seconds measured, const BusyFigures& busy) {
  const auto due = total.good.response.count + total.bad.response.count + total.dropped;
  return {.offered_per_s = measured.count() > 0 ? static_cast<double>(due) / measured.count() : 0,
          .answered_per_s = total.rate_per_s,
          .backlog = total.drained + total.unfinished,
          .backlog_per_s = busy.growth_per_s};
}

}  // namespace

std::vector<double> busy_shares(const CpuSample& from, const CpuSample& to) {
  std::vector<double> shares;
  const auto wall = Seconds(to.when - from.when).count();
  for (std::size_t i = 0; i < to.workers.size() && wall > 0; ++i) {
    shares.push_back(std::clamp(Seconds(to.workers[i] - from.workers[i]).count() / wall, 0.0, 1.0));
  }
  return shares;
}

Verdict judge_generator(const RunResult& result, const Plan& plan, GeneratorFacts facts) {
  Verdict verdict;
  verdict.worker_cpu = std::move(facts.worker_cpu);
  look_at_cpu(result, plan, facts.shares_workers, verdict);
  look_at_lag(result, facts, verdict);
  look_at_dropped(result, plan, verdict);
  verdict.saturated = !verdict.reasons.empty();
  if (verdict.saturated) verdict.user_ceiling = 0;  // it is below what was tried, and how far nobody knows
  look_at_littles_law(result, plan, facts.busy, verdict);
  if (plan.model == LoadModel::open)
    verdict.open_load = open_load(result.total, result.run.measured, facts.busy);
  return verdict;
}

}  // namespace troupe::sim
