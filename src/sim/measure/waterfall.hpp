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

/// Where requests spent their time inside our own server, over the whole run: a histogram per stage and
/// worker. A worker records in its own without a lock; threads that are no workers (CAF's own schedulers)
/// share one set under a lock.
class Waterfall {
 public:
  static constexpr std::size_t stages = request_stage_names.size();
  /// By RequestStage. Negative: the request did not go through it.
  using Spans = std::array<Duration, stages>;

  explicit Waterfall(std::size_t workers);

  void record(const Spans& spans);
  /// The three stages that a command's trace tells of, for a command that came without HTTP. A trace that was
  /// not answered is left out.
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
