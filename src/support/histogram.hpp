#pragma once

#include <bit>
#include <chrono>
#include <cstdint>
#include <vector>

#include "support/result.hpp"
#include "support/time.hpp"

namespace troupe {

/// A histogram in the form that travels and is stored: only what was recorded, in rising order of index.
struct SparseHistogram {
  struct Entry {
    std::uint32_t index = 0;  ///< see Histogram::highest_at
    std::uint64_t count = 0;  ///< never 0
    bool operator==(const Entry&) const = default;
  };
  std::vector<Entry> entries;
  std::uint64_t sum_us = 0;  ///< of the exact values, so that the mean stays exact
  std::uint64_t min_us = 0;
  std::uint64_t max_us = 0;

  bool operator==(const SparseHistogram&) const = default;
};

/// Gil Tene's HDR histogram of durations: 3 significant digits from 1 µs to 1 h in 188 KB, whatever is
/// recorded, and in next to nothing before that.
///
/// Values are rounded to the nearest microsecond; below 0.5 µs they count as 0, beyond 1 h as 1 h. Up to 2047
/// µs a cell is 1 µs wide, and its width doubles each time the value does (2048–4095: 2 µs, …): 1024 cells
/// per doubling. One percentile definition holds everywhere in Troupe: see percentile(). Recording is O(1)
/// and allocates nothing but the first time. Not thread-safe: one owner, merged by value.
class Histogram {
 public:
  using Micros = std::chrono::microseconds;
  static constexpr Micros highest_trackable = std::chrono::hours(1);

  /// Fails with one line when the cells are out of range, out of order or contradict min and max.
  static Result<Histogram> from(const SparseHistogram& sparse);
  SparseHistogram sparse() const;

  void record(Duration value, std::uint64_t times = 1) noexcept;
  void merge(const Histogram& other) noexcept;
  /// Like `from` and `merge` in one; on failure nothing was merged.
  Result<void> merge(const SparseHistogram& sparse);
  void reset() noexcept;

  std::uint64_t count() const noexcept { return total_; }
  Micros min() const noexcept { return Micros(total_ == 0 ? 0 : min_us_); }  ///< exact; 0 when empty
  Micros max() const noexcept { return Micros(max_us_); }                    ///< exact; 0 when empty
  std::chrono::duration<double, std::micro> mean() const noexcept;           ///< exact; 0 when empty
  /// From the middles of the cells, as HdrHistogram computes it; 0 when empty.
  std::chrono::duration<double, std::micro> standard_deviation() const noexcept;

  /// The smallest recorded value v such that at least ceil(percent / 100 × count) recorded values are <= v
  /// (at least one), reported as HdrHistogram does: as the highest value of v's cell, but never above max().
  /// 0 when empty. Like there, `percent` is lowered by one ulp first, so that 99.9 of 1000 values means 999
  /// and not, by rounding, 1000.
  Micros percentile(double percent) const noexcept;

  /// How many recorded values lie in the cell of `value` or below.
  std::uint64_t count_at_or_below(Micros value) const noexcept;

  static std::uint32_t index_of(std::uint64_t value_us) noexcept;
  static std::uint64_t lowest_at(std::uint32_t index) noexcept;
  static std::uint64_t highest_at(std::uint32_t index) noexcept;

  /// The power of two that resolves 3 digits: 2 × 10³ rounded up.
  static constexpr unsigned sub_bucket_count = 2048;
  static constexpr unsigned bucket_count = 22;  ///< 2048 × 2²¹ µs is the first power of two beyond 1 h
  static constexpr unsigned cell_count = (bucket_count + 1) * sub_bucket_count / 2;

 private:
  void merge_unchecked(const SparseHistogram& sparse) noexcept;
  void touch(std::uint32_t first, std::uint32_t last) noexcept;

  std::vector<std::uint64_t> counts_;  ///< empty until something is recorded
  std::uint64_t total_ = 0;
  std::uint64_t sum_us_ = 0;
  std::uint64_t min_us_ = UINT64_MAX;
  std::uint64_t max_us_ = 0;
  // Cells outside [first_, last_] are zero: reset, merge and percentile touch only what was used.
  std::uint32_t first_ = cell_count;
  std::uint32_t last_ = 0;
};

/// Adds `from` to `to` without building the dense form.
void merge(SparseHistogram& to, const SparseHistogram& from);

}  // namespace troupe
