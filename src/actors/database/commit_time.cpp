#include "actors/database/commit_time.hpp"

#include <algorithm>
#include <cmath>

namespace troupe::actors {

namespace {

// 64 transactions of these halve a weight.
const double decay = std::exp2(-1.0 / 64);

// Where all transactions have about the same number of rows nobody can tell what a row adds: then all counts
// as the commit's.
constexpr double least_spread = 0.05;

}  // namespace

void CommitTime::add(std::size_t rows, Duration took) {
  const auto x = static_cast<double>(rows);
  // One that waited for a lock or a checkpoint says nothing of commits: it may count as twice what is usual.
  auto y = to_seconds(took);
  if (weight_ > 8) y = std::min(y, 2 * time_ / weight_ * std::max(1.0, x / this->rows()));
  for (auto* sum : {&weight_, &rows_, &time_, &rows_squared_, &product_}) *sum *= decay;
  weight_ += 1;
  rows_ += x;
  time_ += y;
  rows_squared_ += x * x;
  product_ += x * y;
}

double CommitTime::slope() const {
  const auto mean = rows_ / weight_;
  const auto variance = rows_squared_ / weight_ - mean * mean;
  if (variance <= least_spread * mean * mean) return 0;
  const auto slope = (product_ / weight_ - mean * time_ / weight_) / variance;
  return std::clamp(slope, 0.0, time_ / rows_);  // neither part is negative
}

Duration CommitTime::per_row() const {
  return known() ? from_seconds(slope()) : Duration{};
}

Duration CommitTime::commit() const {
  return known() ? from_seconds((time_ - slope() * rows_) / weight_) : Duration{};
}

}  // namespace troupe::actors
