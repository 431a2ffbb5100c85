#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace troupe::sim {

/// What was seen of the requests under way while the run was measured.
struct BusyFigures {
  double mean = 0;
  double standard_error = 0;  ///< of the mean, by batch means; 0: too few looks
  double growth_per_s = 0;    ///< of them and of the backlog: slope of a straight line through the looks
};

/// Adds up looks at how many requests are under way, in memory that does not grow with their number. One
/// owner, not thread-safe.
class BusyLooks {
 public:
  /// What an interval of IntervalEdges::length saw on average, in order.
  void add(double busy, double backlog);
  BusyFigures figures() const;

 private:
  double standard_error() const;

  // Of the straight line: sums over the looks, whose number is its x, made around running means (Welford's
  // way): a day's worth of squares must not drown its last digits.
  double count_ = 0;
  double mean_ = 0, pending_mean_ = 0;
  double together_ = 0;
  // Batch means: when there are twice as many as it takes, neighbours become one.
  std::size_t batch_size_ = 1;
  std::size_t in_batch_ = 0;
  double batch_sum_ = 0;
  std::vector<double> batches_;
};

}  // namespace troupe::sim
