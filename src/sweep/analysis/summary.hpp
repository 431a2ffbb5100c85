#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sweep/records/records.hpp"

/// What a sweep says: `summarize` makes it from the sweep's records alone, again at any time. This is
/// summary.json and what the report page shows.
namespace troupe::sweep {

/// A median over repeats and the 95 % interval around it; the interval is NaN (null in JSON) with fewer than
/// two repeats.
struct Estimate {
  double median = unknown;
  double low = unknown;
  double high = unknown;
};

/// Where a request's time went, medians over repeats, in µs.
struct StageTime {
  sim::RequestStage stage{};
  double mean_us = 0;
};

/// One cell: medians over its repeats.
struct CellSummary {
  Cell cell;
  std::uint64_t repeats = 0;
  Estimate rate_per_s;
  Estimate mean_us, p50_us, p99_us;
  double in_flight = 0;
  double answered_share = 0;  ///< good answers of the arrivals that were due; 0 with users
  double error_rate = 0;      ///< of all its repeats together
  double worker_cpu = 0;
  double machine_cpu = unknown;
  double rows_per_statement = 0;
  bool saturated = false;              ///< in any repeat
  std::optional<double> service_cpus;  ///< CPUs that an outside service used on average; absent: not asked
  std::uint64_t disturbed = 0;         ///< repeats in which others took more than 5 % of the machine
  std::vector<StageTime> waterfall;
};

/// Universal Scalability Law (Gunther 2007): X(N) = λN / (1 + σ(N − 1) + κN(N − 1)).
struct UslFit {
  Estimate lambda;          ///< rate of one request at a time, per second (median: the fit; low, high: 95 %)
  Estimate sigma;           ///< contention: the share that is serialised
  Estimate kappa;           ///< crosstalk
  double misfit = unknown;  ///< typical distance of a load's rate: 0.05 is 5 %
  double lack_of_fit_p = unknown;    ///< chance of such distances if the law held; NaN without repeats
  bool describes = true;             ///< false: the law does not hold for this server
  double peak_in_flight = unknown;   ///< √((1 − σ) / κ), NaN without an end or where it does not hold
  double peak_rate_per_s = unknown;  ///< the rate there, or λ/σ where nothing else bounds it
};

/// One configuration over all loads of a workload.
struct Curve {
  Workload workload;
  Configuration configuration;
  std::vector<std::uint64_t> cells;  ///< indices into Summary::cells, by rising load
  std::optional<UslFit> usl;         ///< absent or not describing: `usl_note` says why
  std::string usl_note;
  std::optional<double> usl_knee;      ///< in flight
  std::optional<double> kneedle_knee;  ///< in flight
  std::optional<double> knee;          ///< when both agree, or by Kneedle alone where the law does not hold
  std::string knee_note;               ///< "knee at 12 in flight" or "no knee found: …"
};

/// What can hold a configuration back.
enum class BottleneckKind {
  none_named,  ///< nothing was recommended, so nobody asked
  load,        ///< too little was asked of the server
  worker_cpu,
  machine_cpu,
  postgresql,  ///< statements at work
  connection,  ///< all of them busy
  actor,       ///< its mailbox
  not_known,
};

/// As summary.json and the answer in words name it: "CPU of the workers"; empty for none_named.
std::string_view name_of(BottleneckKind kind);
/// Back again; not_known for a name that no kind has.
BottleneckKind bottleneck_named(std::string_view name);

/// What holds a configuration back, with what was seen.
struct Bottleneck {
  BottleneckKind kind = BottleneckKind::none_named;
  std::string evidence;  ///< one sentence with figures
};

/// The answer for one workload.
struct Recommendation {
  Workload workload;
  /// "highest rate", "lowest p99 at the highest rate that was kept up with", or as the sweep was told
  std::string goal;
  Load load;                              ///< at which the best one was judged
  std::optional<Configuration> best;      ///< absent: no cell worked
  std::optional<Configuration> cheapest;  ///< fewest connections, then workers, within 3 % of the best
  std::uint64_t best_cell = 0;            ///< index into Summary::cells
  std::uint64_t cheapest_cell = 0;
  Estimate ratio;  ///< the cheapest's goal relative to the best's: 1 is as good
  /// What the cheapest one is to be expected to reach again (its rate, or its p99 in µs) and the 95 %
  /// interval, both corrected for its having been chosen.
  Estimate expected;
  /// At most so much worse than the best of all that were measured, with 95 %: 0.05 is 5 % slower, or 5 %
  /// more p99. NaN: one repeat only, or nothing to compare with.
  double regret = unknown;
  std::uint64_t contenders = 0;  ///< configurations of which none is shown to be better than the others
  bool alike = false;            ///< regret is more than 3 %, but no difference shows between the contenders
  bool too_noisy = false;        ///< regret is more than 3 %, and they are not alike or it is more than 25 %
  std::uint64_t repeats_needed = 0;  ///< so many would tell to 3 %; 0: enough were made
  Bottleneck bottleneck;             ///< of the recommended (cheapest) one
  std::vector<std::string> words;    ///< the answer as sentences, the recommendation first
};

/// A cell of which not one repeat could be run.
struct FailedCell {
  Cell cell;
  std::string failure;
};

struct Summary {
  std::vector<CellSummary> cells;  ///< in the order workload, configuration, load
  std::vector<FailedCell> failed;
  std::vector<Curve> curves;
  std::vector<Recommendation> recommendations;  ///< one per workload
  std::vector<std::string> notes;               ///< what else must be known to read the figures
};

}  // namespace troupe::sweep
