#include "sim/measure/waterfall.hpp"

#include "actors/runtime/worker.hpp"

namespace troupe::sim {
namespace {

void add(std::array<Histogram, Waterfall::stages>& histograms, const Waterfall::Spans& spans) {
  for (std::size_t i = 0; i < spans.size(); ++i) {
    if (spans[i] >= Duration{}) histograms[i].record(spans[i]);
  }
}

}  // namespace

Waterfall::Waterfall(std::size_t workers, Of of) : of_(of) {
  for (std::size_t i = 0; i < workers; ++i) by_worker_.push_back(std::make_unique<Record>());
}

void Waterfall::begin(TimePoint start, IntervalEdges edges) {
  start_ = start;
  edges_ = edges;
  load_end_ = edges.load_end;
  for (auto& record : by_worker_) *record = {};
  elsewhere_ = {};
}

void Waterfall::end_load(TimePoint now) {
  load_end_ = std::min(load_end_.load(), now - start_);
}

void Waterfall::record(const Spans& spans, TimePoint when) {
  const auto elapsed = when - start_;
  if (elapsed < edges_.measured_from || elapsed >= load_end_.load(std::memory_order_relaxed)) return;
  if (const auto* worker = actors::Worker::current()) {
    return record_in(*by_worker_[worker->index()], spans, elapsed);
  }
  const std::lock_guard lock(mutex_);
  record_in(elsewhere_, spans, elapsed);
}

void Waterfall::record_in(Record& record, const Spans& spans, Duration elapsed) const {
  if (elapsed >= edges_.measured_by) return add(record.settled, spans);
  const auto second = std::chrono::floor<std::chrono::seconds>(elapsed);
  if (second != record.second) {
    Sparse taken;
    for (std::size_t i = 0; i < stages; ++i) {
      taken[i] = record.current[i].sparse();
      record.current[i].reset();
    }
    record.past.emplace_back(std::exchange(record.second, second), std::move(taken));
  }
  add(record.current, spans);
}

void Waterfall::record(const actors::Trace& trace) {
  if (trace.answered == TimePoint{}) return;
  record(inside(not_gone_through, trace.received - trace.submitted, trace.sent - trace.received,
                trace.answered - trace.sent, not_gone_through),
         trace.answered);
}

std::vector<WaterfallStage> Waterfall::result(Duration from) const {
  std::vector<WaterfallStage> out;
  for (std::size_t i = 0; i < stages; ++i) {
    Histogram all;
    const auto add_record = [&](const Record& record) {
      all.merge(record.settled[i]);
      if (record.second + std::chrono::seconds(1) > from) all.merge(record.current[i]);
      for (const auto& [second, histograms] : record.past) {
        if (second + std::chrono::seconds(1) > from) all.merge(histograms[i]).value();
      }
    };
    add_record(elsewhere_);
    for (const auto& record : by_worker_) add_record(*record);
    if (all.count() == 0) continue;
    out.push_back({static_cast<RequestStage>(i), all.mean(), all.percentile(99),
                   all.count() - all.count_at_or_below(Histogram::Micros(0))});
  }
  return out;
}

}  // namespace troupe::sim
