#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <mutex>
#include <vector>

#include "actors/database/messages.hpp"
#include "sim/result/results.hpp"
#include "support/histogram.hpp"

namespace troupe::sim {

/// Where requests spent their time inside our own server, over the whole run. A histogram per stage and
/// worker, written without a lock on the worker itself; threads that are no worker (CAF's own schedulers)
/// share one under a lock.
class Waterfall {
 public:
  static constexpr std::size_t stages = request_stage_names.size();
  /// By RequestStage. Negative: the request did not go through it.
  using Spans = std::array<Duration, stages>;

  explicit Waterfall(std::size_t workers);

  void record(const Spans& spans);
  /// What the trace of a message without HTTP around it tells.
  void record(const actors::Trace& trace);

  /// Stages that were gone through. To be called when nobody records any more.
  std::vector<WaterfallStage> result() const;

 private:
  using Histograms = std::array<Histogram, stages>;
  std::vector<std::unique_ptr<Histograms>> by_worker_;
  std::mutex mutex_;
  Histograms elsewhere_;
};

}  // namespace troupe::sim
