#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

#include "actors/database/messages.hpp"
#include "sim/measure/interval.hpp"
#include "sim/result/results.hpp"
#include "support/histogram.hpp"

namespace troupe::sim {

/// Where requests spent their time inside our own server, or on their way to another one. A histogram per
/// stage and worker, written without a lock on the worker itself; threads that are no worker (CAF's own
/// schedulers) share one under a lock. Cut like everything else: nothing of before `begin` or behind the end
/// of the load counts, and a warm-up is left out.
class Waterfall {
 public:
  static constexpr std::size_t stages = request_stage_names.size();
  /// By RequestStage. Negative: the request did not go through it.
  using Spans = std::array<Duration, stages>;
  static constexpr Duration not_gone_through{-1};
  static constexpr Spans inside(Duration parse, Duration mailbox, Duration pool, Duration sql,
                                Duration serialize) {
    constexpr auto none = not_gone_through;
    return {parse, mailbox, pool, sql, serialize, none, none, none, none};
  }
  static constexpr Spans outside(Duration connect, Duration tls, Duration wait, Duration transfer) {
    constexpr auto none = not_gone_through;
    return {none, none, none, none, none, connect, tls, wait, transfer};
  }

  /// What a waterfall is of: our own server, which records it, or another one, as its users see it.
  enum class Of { own_server, outside };

  explicit Waterfall(std::size_t workers, Of of = Of::own_server);

  Of of() const { return of_; }

  /// The run starts: what was recorded before is forgotten. To be called while nobody records.
  void begin(TimePoint start, IntervalEdges edges);
  /// The load ends now, earlier than planned. Callable from any thread.
  void end_load(TimePoint now);
  /// A request was answered at `when`.
  void record(const Spans& spans, TimePoint when);
  /// What the trace of a message without HTTP around it tells.
  void record(const actors::Trace& trace);

  /// The stages that were gone through by what was answered from `from` on. To be called when nobody records
  /// any more.
  std::vector<WaterfallStage> result(Duration from) const;

 private:
  using Histograms = std::array<Histogram, stages>;
  using Sparse = std::array<SparseHistogram, stages>;
  /// One thread's record. While an automatic warm-up may still be cut, each second is kept apart.
  struct Record {
    std::chrono::seconds second{};  ///< of `current`
    Histograms current;
    std::vector<std::pair<std::chrono::seconds, Sparse>> past;
    Histograms settled;  ///< of what counts in any case
  };
  void record_in(Record& record, const Spans& spans, Duration elapsed) const;

  Of of_;
  TimePoint start_{};
  IntervalEdges edges_;
  std::atomic<Duration> load_end_{Duration::max()};
  std::vector<std::unique_ptr<Record>> by_worker_;
  std::mutex mutex_;
  Record elsewhere_;
};

}  // namespace troupe::sim
