#include "sim/measure/verdict.hpp"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <cmath>

#include "sim/measure/recorder.hpp"
#include "support/units.hpp"

namespace troupe::sim {
namespace {

using Server = GeneratorFacts::Server;

// A worker busier than this had no time left to be punctual.
constexpr double full_share = 0.95;
// Below this share a measured load says nothing about where the ceiling is.
constexpr double least_share_to_extrapolate = 0.05;
// A few that came late are an anecdote: so many must lie beyond the percentile that is judged.
constexpr std::uint64_t enough_beyond = 10;
// A run so many requests long makes little of those that its ends cut in two.
constexpr double enough_requests_long = 50;
// Lag that is small against what is measured spoils nothing.
constexpr Micros tolerated_lag = std::chrono::milliseconds(1);
constexpr int tolerated_part = 5;
// A timer is a millisecond late by its own grain, and some more on a machine that is not ours alone.
constexpr Micros tolerated_timer_lag = std::chrono::milliseconds(5);
// The mix may be off by so much, or by what chance explains.
constexpr double tolerated_share = 0.02;
constexpr double chance_errors = 3;

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

// The hundredth part of a thousand and more, the twentieth of fewer.
int judged_percentile(std::uint64_t count) {
  return count >= enough_beyond * 100 ? 99 : 95;
}

void look_at_lag(const RunResult& result, const Plan& plan, const GeneratorFacts& facts, Verdict& verdict) {
  verdict.lag_p99 = result.total.good.lag.p99;
  const auto* who = facts.server == Server::outside
                        ? ": the generator wants more CPU than it gets"
                        : ": users and server together want more CPU than there is";
  const auto tolerated = std::max(tolerated_lag, result.total.good.response.p99 / tolerated_part);
  const auto& requests = result.total.good.lag;
  const int judged = judged_percentile(requests.count);
  const auto lag = judged == 99 ? requests.p99 : requests.p95;
  if (lag > tolerated) {
    verdict.reasons.push_back(
        fmt::format("{} % of the requests started {} or more after their moment (lag){}", 100 - judged,
                    describe_duration(lag), who));
    return;
  }
  // Users who do not think start whenever they can and have no lag; a worker that cannot run when it should
  // shows in its timers.
  const bool have_lag = plan.model == LoadModel::open || plan.scenario->think_time.mean() > Duration{};
  const auto count = facts.timer_lag.count();
  if (have_lag || count < enough_beyond * 20) return;
  const int of_timers = judged_percentile(count);
  const auto timers = facts.timer_lag.percentile(of_timers);
  if (timers <= std::max(tolerated_timer_lag, tolerated)) return;
  verdict.reasons.push_back(fmt::format("{} % of the workers' timers came {} late or more{}", 100 - of_timers,
                                        describe_duration(timers), who));
}

void look_at_cpu(const RunResult& result, const Plan& plan, Server server, Verdict& verdict) {
  const auto& cpu = verdict.worker_cpu;
  if (cpu.empty()) return;
  const double busiest = *std::max_element(cpu.begin(), cpu.end());
  if (server == Server::on_same_workers) {
    if (busiest > full_share) {
      verdict.notes.push_back(
          "users and server share the workers, which were busy all the time: the numbers are of both "
          "together");
    }
    return;
  }
  for (std::size_t i = 0; i < cpu.size(); ++i) {
    if (cpu[i] <= full_share) continue;
    verdict.reasons.push_back(fmt::format("worker {} {}was busy {:.0f} % of the time: {}", i,
                                          server == Server::outside ? "" : "of the users ", 100 * cpu[i],
                                          server == Server::outside
                                              ? "use more --workers or another machine"
                                              : "users and server together want more CPU than there is"));
  }
  // Only users who think can be more before each of them works less.
  if (plan.model == LoadModel::closed && plan.scenario->think_time.mean() > Duration{} &&
      busiest > least_share_to_extrapolate) {
    verdict.user_ceiling = mean_users(result) / std::min(busiest, 1.0);
  }
}

// Users do something else than the scenario wants when there is no item left to do it with.
void look_at_mix(const RunResult& result, Verdict& verdict) {
  const auto all = static_cast<double>(result.total.requests);
  for (const auto& task : result.tasks) {
    const double wanted = task.wanted_share;
    if (wanted == 0 || all == 0) continue;
    const double share = static_cast<double>(task.requests) / all;
    const double by_chance = chance_errors * std::sqrt(wanted * (1 - wanted) / all);
    if (std::abs(share - wanted) <= std::max(tolerated_share, by_chance)) continue;
    verdict.notes.push_back(
        fmt::format("{} was {:.1f} % of the requests, the scenario wants {:.1f} %{}", task.name, 100 * share,
                    100 * wanted, share > wanted ? "" : ": raise its items_per_user or existing_items"));
  }
}

// What this machine could not do is no answer of the server's.
void look_at_own_limits(const RunResult& result, Verdict& verdict) {
  std::uint64_t count = 0;
  const FailureStats* most = nullptr;
  for (const auto& failure : result.failures) {
    if (failure.kind != to_string(CallOutcome::generator)) continue;
    count += failure.count;
    if (most == nullptr || failure.count > most->count) most = &failure;
  }
  if (most == nullptr) return;
  verdict.reasons.push_back(
      fmt::format("{} requests met a limit of the generator's own machine ({}): raise it, or use fewer users",
                  count, most->message));
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
  if (verdict.littles_law->says() == LittlesLaw::Says::broken) {
    verdict.notes.push_back(fmt::format(
        "Little's law does not hold: {:.1f} requests were under way, rate × service time says {:.1f}",
        busy.mean, verdict.littles_law->expected_busy));
  }
}

OpenLoad open_load(const TaskStats& total, Seconds measured, const BusyFigures& busy) {
  const auto due = total.good.response.count + total.bad.response.count + total.dropped;
  return {.offered_per_s = measured.count() > 0 ? static_cast<double>(due) / measured.count() : 0,
          .answered_per_s = total.rate_per_s,
          .backlog = total.all_requests() - total.requests,
          .backlog_per_s = busy.growth_per_s};
}

}  // namespace

std::vector<double> busy_shares(const std::vector<Duration>& from, const std::vector<Duration>& to,
                                Duration wall) {
  std::vector<double> shares;
  for (std::size_t i = 0; i < to.size() && wall > Duration{}; ++i) {
    shares.push_back(std::clamp(to_seconds(to[i] - from[i]) / to_seconds(wall), 0.0, 1.0));
  }
  return shares;
}

Verdict judge_generator(const RunResult& result, const Plan& plan, const GeneratorFacts& facts) {
  Verdict verdict;
  verdict.worker_cpu = facts.worker_cpu;
  verdict.server_cpu = facts.server_cpu;
  if (facts.server == Server::on_same_workers) verdict.users_share = facts.users_share;
  look_at_cpu(result, plan, facts.server, verdict);
  look_at_own_limits(result, verdict);
  look_at_lag(result, plan, facts, verdict);
  look_at_dropped(result, plan, verdict);
  look_at_mix(result, verdict);
  verdict.saturated = !verdict.reasons.empty();
  if (*verdict.saturated) verdict.user_ceiling = 0;  // it is below what was tried, and how far nobody knows
  look_at_littles_law(result, plan, facts.busy, verdict);
  if (plan.model == LoadModel::open)
    verdict.open_load = open_load(result.total, result.run.measured, facts.busy);
  return verdict;
}

}  // namespace troupe::sim
