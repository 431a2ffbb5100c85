#include "sim/measure/waterfall.hpp"

#include "actors/runtime/worker.hpp"

namespace troupe::sim {
namespace {

constexpr Duration not_gone_through{-1};

void record_in(std::array<Histogram, Waterfall::stages>& histograms, const Waterfall::Spans& spans) {
  for (std::size_t i = 0; i < spans.size(); ++i) {
    if (spans[i] >= Duration{}) histograms[i].record(spans[i]);
  }
}

}  // namespace

Waterfall::Waterfall(std::size_t workers) {
  for (std::size_t i = 0; i < workers; ++i) by_worker_.push_back(std::make_unique<Histograms>());
}

void Waterfall::record(const Spans& spans) {
  if (const auto* worker = actors::Worker::current()) return record_in(*by_worker_[worker->index()], spans);
  const std::lock_guard lock(mutex_);
  record_in(elsewhere_, spans);
}

void Waterfall::record(const actors::Trace& trace) {
  if (trace.answered == TimePoint{}) return;
  record({not_gone_through, trace.received - trace.submitted, trace.sent - trace.received,
          trace.answered - trace.sent, not_gone_through});
}

std::vector<WaterfallStage> Waterfall::result() const {
  std::vector<WaterfallStage> out;
  for (std::size_t i = 0; i < stages; ++i) {
    Histogram all = elsewhere_[i];
    for (const auto& histograms : by_worker_) all.merge((*histograms)[i]);
    if (all.count() > 0) out.push_back({static_cast<RequestStage>(i), all.mean(), all.percentile(99)});
  }
  return out;
}

}  // namespace troupe::sim
