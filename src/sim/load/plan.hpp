#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

#include "sim/load/pacing.hpp"
#include "sim/load/warmup.hpp"
#include "sim/scenario/scenario.hpp"
#include "support/result.hpp"
#include "support/time.hpp"

namespace troupe::sim {

struct WorkloadOptions;

/// How a run decides when requests start.
enum class LoadModel {
  closed,  ///< a number of users, each of whom waits for its answer and thinks
  open,    ///< arrivals at a rate, which wait for nobody
  cycle,   ///< the scenario's phases, one after the other
};

std::string_view to_string(LoadModel model);

/// Everything that decides what a swarm does. Never changes while it runs.
struct Plan {
  std::shared_ptr<const Scenario> scenario;
  LoadModel model = LoadModel::closed;
  Profile profile{{}};  ///< closed: users; open: arrivals per second; cycle: unused
  ArrivalProcess arrivals = ArrivalProcess::poisson;  ///< open only
  std::vector<Stage> stages{};                        ///< the profile as its parts, for the report
  /// Open: requests under way at most, further arrivals wait. Cycle: its concurrency.
  std::uint64_t most_users = 1'000;
  std::uint64_t max_backlog = 100'000;  ///< open: arrivals that wait at most, further ones are dropped
  Duration ramp{};                      ///< at the beginning; left out of the statistics
  WarmUp warm_up;
  /// Requests that begin in all, warm-up included; absent: no limit.
  std::optional<std::uint64_t> stop_after;
  std::uint64_t seed = 0;
  Duration timeout = std::chrono::seconds(10);  ///< for an answer, with connecting
};

/// How long the load lasts; a cycle ends when its last phase does.
constexpr Duration load_length(const Plan& plan) {
  return plan.model == LoadModel::cycle ? Duration::max() : plan.profile.length();
}

/// How many users have a request under way at most.
std::uint64_t users_at_most(const Plan& plan);

/// How many items are made before the run, so that no user must create one where the scenario wants it to do
/// something else: the scenario's existing_items or items_per_user, whichever is more.
std::uint64_t items_to_make(const Plan& plan);

/// What the flags mean for a scenario. Every Error is one line that names the flag at fault, or the two that
/// contradict each other. Takes a seed from the system when none is given; else pure.
Result<std::shared_ptr<const Plan>> make_plan(Scenario scenario, const WorkloadOptions& options);

/// Part `index` of `total` things dealt out to `parts`: the shares differ by one at most and add up.
constexpr std::uint64_t share_of(std::uint64_t total, std::uint64_t index, std::uint64_t parts) {
  return total / parts + (index < total % parts ? 1 : 0);
}

}  // namespace troupe::sim
