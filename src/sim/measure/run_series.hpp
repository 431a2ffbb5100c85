#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "sim/measure/interval.hpp"
#include "sim/result/results.hpp"

namespace troupe::sim {

/// How a run went over time: points of a second each, or, when the load lasts longer than an hour, of as many
/// seconds as make an hour's worth of points. One owner, not thread-safe.
class RunSeries {
 public:
  static constexpr std::uint64_t most_points = 3'600;
  /// What an automatic warm-up looks at: MSER-5 cuts at most half of what it sees, so twice as many seconds
  /// are kept for it.
  static constexpr std::size_t most_early = 2 * latest_cut.count();

  /// A second of the beginning.
  struct Early {
    std::uint64_t second = 0;
    double rate_per_s = 0;
    double mean_us = 0;
  };

  /// `load`: how long it is; Duration::max() when nobody knows, as with a cycle, whose points are seconds.
  explicit RunSeries(Duration load);

  /// The next interval, in order. `measured`: it counts, as far as is known. True when it completed a second.
  bool add(const Interval& interval, bool measured);
  /// The last whole second. Only after one was completed.
  const SeriesPoint& last_second() const { return last_second_; }
  /// The first measured seconds.
  std::span<const Early> early() const { return early_; }

  /// Completes what is under way: the last second may be a part of one. Call once, before `points`.
  void close();
  /// All points; those that end before `measured_from` are marked as not measured.
  std::vector<SeriesPoint> points(Duration measured_from) &&;

 private:
  /// A point under way.
  struct Growing {
    SeriesPoint point;
    Duration begin{}, end{};
    Histogram good;
    void add(const Interval& interval, bool measured);
    /// Adds what follows it, which is not closed yet.
    void add(const Growing& next);
    SeriesPoint close(const Histogram& so_far);
  };
  void close_second();
  void close_point() { points_.push_back(growing_point_.close(so_far_)); }

  std::uint64_t point_seconds_;
  Growing growing_second_, growing_point_;
  SeriesPoint last_second_;
  std::vector<SeriesPoint> points_;
  std::vector<Early> early_;
  Histogram so_far_;  ///< response times of all answers of the whole run
};

/// So many whole seconds that a load of this length has `most_points` of them at most.
std::uint64_t seconds_per_point(Duration load);

}  // namespace troupe::sim
