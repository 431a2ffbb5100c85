#include "sim/measure/busy_looks.hpp"

#include <cmath>
#include <numeric>

#include "sim/measure/interval.hpp"

namespace troupe::sim {
namespace {

constexpr std::size_t fewest_batches = 20;
constexpr std::size_t fewest_looks = 2 * fewest_batches;

}  // namespace

void BusyLooks::add(double busy, double backlog) {
  const double x = count_;
  ++count_;
  mean_ += (busy - mean_) / count_;
  const double pending = busy + backlog, before = pending_mean_;
  pending_mean_ += (pending - pending_mean_) / count_;
  // x's mean after n looks is (n − 1) / 2.
  together_ += (x - (count_ - 1) / 2) * (pending - before);

  batch_sum_ += busy;
  if (++in_batch_ < batch_size_) return;
  batches_.push_back(batch_sum_ / static_cast<double>(batch_size_));
  batch_sum_ = 0;
  in_batch_ = 0;
  if (batches_.size() < 2 * fewest_looks) return;
  for (std::size_t i = 0; i < fewest_looks; ++i) batches_[i] = (batches_[2 * i] + batches_[2 * i + 1]) / 2;
  batches_.resize(fewest_looks);
  batch_size_ *= 2;
}

BusyFigures BusyLooks::figures() const {
  // Σ (x − x̄)² of 0, 1, … n − 1.
  const double squares = count_ * (count_ * count_ - 1) / 12;
  const double slope = squares > 0 ? together_ / squares : 0;
  return {mean_, standard_error(), slope / to_seconds(IntervalEdges::length)};
}

/// Of the mean, by batch means (Law, Simulation Modeling and Analysis, section 9.5.3): neighbours are too
/// alike to count as independent.
double BusyLooks::standard_error() const {
  if (batches_.size() < fewest_looks) return 0;
  // 20 to 39 batches of a few means each.
  const auto each = batches_.size() / fewest_batches;
  std::vector<double> means;
  for (std::size_t i = 0; i + each <= batches_.size(); i += each) {
    const auto first = batches_.begin() + static_cast<std::ptrdiff_t>(i);
    means.push_back(std::accumulate(first, first + static_cast<std::ptrdiff_t>(each), 0.0) /
                    static_cast<double>(each));
  }
  const auto n = static_cast<double>(means.size());
  const double mean = std::accumulate(means.begin(), means.end(), 0.0) / n;
  double squares = 0;
  for (const double value : means) squares += (value - mean) * (value - mean);
  return std::sqrt(squares / (n * (n - 1)));
}

}  // namespace troupe::sim
