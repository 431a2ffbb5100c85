#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/result/request_stage.hpp"
#include "support/histogram.hpp"
#include "support/result.hpp"

/// The result of one run, in memory and as a file. docs/reference/results.md describes every field; both
/// change together, and a change that readers must know of raises schema_version.
namespace troupe::sim {

constexpr std::string_view schema_name = "troupe.run";
constexpr std::int64_t schema_version = 2;

using Seconds = std::chrono::duration<double>;
using Micros = std::chrono::microseconds;
using MeanMicros = std::chrono::duration<double, std::micro>;

/// The figures that reports show of one histogram.
struct LatencySummary {
  std::uint64_t count = 0;
  MeanMicros mean{};
  Micros min{}, max{};
  Micros p50{}, p66{}, p75{}, p80{}, p90{}, p95{}, p98{}, p99{}, p99_9{}, p99_99{};
  bool operator==(const LatencySummary&) const = default;
};
LatencySummary summarize(const Histogram& histogram);

struct LatencyStats : LatencySummary {
  SparseHistogram histogram;
  bool operator==(const LatencyStats&) const = default;
};
LatencyStats latency_stats(const Histogram& histogram);

/// 0 when there was no time.
double per_second(std::uint64_t count, Seconds time);

/// The times of one kind of answer: of the requests that began while the run was measured, whenever they
/// ended.
struct TimesStats {
  LatencyStats response{}, service{}, lag{};
  bool operator==(const TimesStats&) const = default;
};

/// What one task (or all: `total`) did while the run was measured. Counts and rates are of answers that came
/// in that time; see interval.hpp for the rule.
struct TaskStats {
  std::string name;
  std::string method;          ///< HTTP method; empty for the total
  std::uint64_t requests = 0;  ///< answered: good and failed
  std::uint64_t failed = 0;
  std::uint64_t timed_out = 0;  ///< part of failed
  /// Part of failed: answers that were not as the scenario demands (status, check); absent in older files.
  std::optional<std::uint64_t> wrong{};
  std::uint64_t late = 0;     ///< started more than 10 ms after their moment
  std::uint64_t dropped = 0;  ///< never sent, so not part of requests
  std::uint64_t drained = 0;  ///< answered after the load had ended: in no rate
  /// Part of drained: not as the scenario demands; absent in older files.
  std::optional<std::uint64_t> drained_wrong{};
  /// Failed after the load had ended, without an answer: no part of drained, which has them in older files.
  std::optional<std::uint64_t> drained_unanswered{};
  /// Not answered when the run was ended early, or never sent. Their ages are among the times of `good`, as
  /// lower bounds of theirs, and its counts have them: see good_answers().
  std::uint64_t unfinished = 0;
  Micros oldest_unfinished{};
  std::uint64_t content_bytes = 0;
  double wanted_share = 0;  ///< of all that users do, 0 to 1, by the weights; 0: the scenario has none
  double rate_per_s = 0;    ///< of all answers
  double good_per_s = 0;
  double failures_per_s = 0;
  TimesStats good{};
  TimesStats bad{};  ///< of failed requests
  bool operator==(const TaskStats&) const = default;

  /// Answers that were good, whether they came within the load or behind it; without the unfinished ones.
  std::uint64_t good_answers() const { return requests - failed + drained - drained_wrong.value_or(0); }
  /// Requests that came to an end or were due, behind the load too; without those that were dropped.
  std::uint64_t all_requests() const {
    return requests + drained + drained_unanswered.value_or(0) + unfinished;
  }

  /// Response times of good and failed requests together.
  LatencySummary all_responses() const;

  double error_rate() const {
    return requests == 0 ? 0 : static_cast<double>(failed) / static_cast<double>(requests);
  }
};

/// One second of a run; the series covers the whole run, with ramp and warm-up.
struct SeriesPoint {
  std::uint64_t second = 0;   ///< since the start, when it begins
  std::uint64_t seconds = 1;  ///< that it covers
  bool measured = false;      ///< false: left out of the statistics
  std::uint64_t users = 0;
  std::uint64_t requests = 0;
  std::uint64_t failed = 0;
  std::uint64_t timed_out = 0;
  std::uint64_t dropped = 0;
  double rate_per_s = 0;  ///< over the true length: the last point can be cut short
  MeanMicros mean{};      ///< response times of the good answers of this point, from here on
  Micros p50{}, p95{}, p99{}, max{};
  std::uint64_t requests_so_far = 0;  ///< since the start of the run, as all the `so_far`
  std::uint64_t failed_so_far = 0;
  std::uint64_t content_bytes_so_far = 0;
  LatencySummary so_far;  ///< response times of all answers so far, as Locust has them
  bool operator==(const SeriesPoint&) const = default;
};

/// A failing request and what came back, of which much may be cut off, with secrets masked.
struct FailureSample {
  std::string request_head{}, request_body{};
  std::uint64_t status = 0;                  ///< of the answer; 0: none came
  std::string answer_head{}, answer_body{};  ///< the head without its first line
  bool operator==(const FailureSample&) const = default;
};

/// One kind of failure of one task, and how often it was met.
struct FailureStats {
  std::string task, method;
  std::string kind;  ///< see to_string(CallOutcome)
  std::string message;
  std::uint64_t count = 0;
  /// The first of them; absent beyond the first few kinds, over direct messages, and in older files.
  std::optional<FailureSample> sample{};
  bool operator==(const FailureStats&) const = default;
};

/// Little's law (Operations Research 9(3), 1961): requests under way = rate × service time. The left side is
/// looked at every 20 ms and the right side measured by itself, so a large deviation means that one of the
/// figures is wrong.
struct LittlesLaw {
  double busy = 0;  ///< requests under way, mean of the looks
  double rate_per_s = 0;
  MeanMicros mean_service{};
  double expected_busy = 0;
  double deviation = 0;       ///< (expected − busy) / busy; 0 when nothing was under way
  double standard_error = 0;  ///< of the deviation; 0: too few looks to tell
  bool operator==(const LittlesLaw&) const = default;

  /// What a deviation says: one of up to 5 % nothing, a larger one that a figure is wrong where it is more
  /// than three standard errors, too, and nothing where it is not, or nobody can tell.
  enum class Says { holds, within_chance, too_few_looks, broken };
  Says says() const;
};
LittlesLaw littles_law(double busy, double rate_per_s, MeanMicros mean_service, double standard_error);

/// What an open load asked for, and what became of it.
struct OpenLoad {
  double offered_per_s = 0;   ///< arrivals that were due while the run was measured
  double answered_per_s = 0;  ///< good and failed
  std::uint64_t backlog = 0;  ///< begun or due, and not answered when the load ended
  double backlog_per_s = 0;   ///< by how much the backlog grew
  bool operator==(const OpenLoad&) const = default;
};

/// What the generator says of itself.
struct Verdict {
  std::optional<bool> saturated;     ///< the generator was the bottleneck; absent: nobody judged it
  std::vector<std::string> reasons;  ///< one line each, when saturated
  std::vector<double> worker_cpu;    ///< busy share of each worker that users run on, 0 to 1
  std::vector<double> server_cpu;    ///< of each that our own server runs on; the same ones with direct
  /// Of the time that workers worked which users and server share (direct only): users' own turns.
  std::optional<double> users_share;
  Micros lag_p99{};
  std::optional<LittlesLaw> littles_law;  ///< absent in a cycle, and when nobody looked
  std::optional<OpenLoad> open_load;      ///< open workloads only
  double user_ceiling = 0;                ///< users that this generator could carry at this mix; 0: not known
  std::vector<std::string> notes{};       ///< what else a reader must know, one line each
  bool operator==(const Verdict&) const = default;
};

/// How long requests were at one stage inside our own server, or on their way to another one.
struct WaterfallStage {
  RequestStage stage{};
  MeanMicros mean{};
  Micros p99{};
  /// That took time there, half a microsecond at least: a request on an open connection takes none to
  /// connect. Absent in older files.
  std::optional<std::uint64_t> requests{};
  bool operator==(const WaterfallStage&) const = default;
};

/// What a --fail-if condition came to.
struct ThresholdOutcome {
  std::string text;  ///< as given to --fail-if
  double value = 0;  ///< as measured: µs, a share, a rate or a count
  bool failed = false;
  bool measured = true;  ///< false: there is nothing to judge by, which is no pass
  bool operator==(const ThresholdOutcome&) const = default;
};

/// One phase of a cycle.
struct CrudPhase {
  std::string name;
  std::uint64_t requests = 0;
  std::uint64_t ok = 0;
  std::uint64_t failed = 0;
  Seconds length{};
  double rate_per_s = 0;
  bool operator==(const CrudPhase&) const = default;
};

/// One part of a load profile: the level moves to `target` within `length`.
struct WorkloadStage {
  Seconds length{};
  double target = 0;
  bool operator==(const WorkloadStage&) const = default;
};

/// The load that a run was asked to make.
struct LoadSummary {
  std::string model;                  ///< "closed", "open" or "cycle"
  std::uint64_t users = 0;            ///< closed: at most; cycle: concurrency
  double arrival_rate_per_s = 0;      ///< open: at most
  std::string arrivals;               ///< open: "constant" or "poisson"
  std::vector<WorkloadStage> stages;  ///< the profile, as given or made from users and spawn rate
  Seconds mean_think{};
  bool operator==(const LoadSummary&) const = default;
};

/// The machine that a run was made on.
struct Host {
  std::string cpu;
  std::uint64_t cpus = 0;
  std::uint64_t memory_bytes = 0;
  std::string kernel;
  bool operator==(const Host&) const = default;
};

/// What was run, when, where and for how long.
struct RunInfo {
  std::string command;                          ///< the command line
  std::map<std::string, std::string> settings;  ///< that were in force, by their TOML keys
  std::string scenario;
  std::string transport;   ///< "direct" or "http"
  std::string target;      ///< URL; empty: the own server
  std::string database{};  ///< of the own server, for people: "embedded PostgreSQL"
  LoadSummary workload;
  std::uint64_t seed = 0;
  std::int64_t started_at_unix_s = 0;
  std::string started_at;      ///< the same in RFC 3339, UTC
  Seconds elapsed{};           ///< of the whole run
  Seconds measured{};          ///< without ramp and warm-up
  Seconds warm_up{};           ///< ramp and warm-up: what was left out
  std::optional<bool> steady;  ///< false: --warm-up auto found no steady state; absent: nobody looked
  bool interrupted = false;
  std::map<std::string, std::string> versions;
  Host host;
  bool operator==(const RunInfo&) const = default;
};

/// Everything about one run: complete enough to make every other output from it.
struct RunResult {
  RunInfo run;
  std::vector<TaskStats> tasks;
  TaskStats total;
  std::vector<SeriesPoint> series;
  std::vector<FailureStats> failures;
  /// HTTP status ("200") -> answers with it while the run was measured; absent in older files.
  std::optional<std::map<std::string, std::uint64_t>> statuses{};
  Verdict verdict;
  std::vector<WaterfallStage> waterfall;  ///< stages that were gone through
  std::vector<ThresholdOutcome> thresholds;
  std::vector<CrudPhase> phases;  ///< empty without a cycle
  bool operator==(const RunResult&) const = default;
};

}  // namespace troupe::sim
