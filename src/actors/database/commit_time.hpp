#pragma once

#include <cstddef>

#include "support/time.hpp"

namespace troupe::actors {

/// What a commit costs by itself, and what each row of its transaction adds: a line through the transactions
/// of late (least squares with weights that halve every 64 of them), since a batch of 60 rows on a fast disk
/// takes as long as one row on a slow one. Pure; used by one actor.
class CommitTime {
 public:
  /// A transaction of so many rows has taken so long, from when PostgreSQL could begin with it to its answer.
  void add(std::size_t rows, Duration took);

  bool known() const { return weight_ > 0; }
  /// The part that does not depend on the rows; never negative.
  Duration commit() const;
  Duration per_row() const;
  /// How many rows share a commit.
  double rows() const { return weight_ > 0 ? rows_ / weight_ : 0; }

 private:
  double slope() const;

  // Sums of weights, rows, seconds, rows², rows · seconds.
  double weight_ = 0, rows_ = 0, time_ = 0, rows_squared_ = 0, product_ = 0;
};

}  // namespace troupe::actors
