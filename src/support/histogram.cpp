#include "support/histogram.hpp"

#include <algorithm>
#include <cmath>
#include <string>

namespace troupe {
namespace {

constexpr unsigned half_count = Histogram::sub_bucket_count / 2;
constexpr unsigned half_count_bits = std::bit_width(half_count) - 1;
constexpr std::uint64_t highest_us = std::chrono::microseconds(Histogram::highest_trackable).count();

std::uint64_t to_micros(Duration value) {
  const auto ns = std::chrono::nanoseconds(value).count();
  if (ns <= 0) return 0;
  return std::min((static_cast<std::uint64_t>(ns) + 500) / 1000, highest_us);
}

/// Which doubling a cell belongs to: its cells are 2^bucket µs wide.
unsigned bucket_of(std::uint32_t index) {
  return index < Histogram::sub_bucket_count ? 0 : index / half_count - 1;
}

/// Why the cells cannot be a histogram's, or an empty text.
std::string fault_of(const SparseHistogram& sparse) {
  std::int64_t previous = -1;
  for (const auto& entry : sparse.entries) {
    if (entry.index >= Histogram::cell_count)
      return "histogram cell " + std::to_string(entry.index) + " is out of range";
    if (entry.index <= previous) return "histogram cells are not in rising order";
    if (entry.count == 0) return "histogram cell " + std::to_string(entry.index) + " is empty";
    previous = entry.index;
  }
  if (sparse.entries.empty()) return {};
  if (Histogram::index_of(sparse.min_us) != sparse.entries.front().index ||
      Histogram::index_of(sparse.max_us) != sparse.entries.back().index) {
    return "histogram cells contradict min and max";
  }
  return {};
}

}  // namespace

std::uint32_t Histogram::index_of(std::uint64_t value_us) noexcept {
  value_us = std::min(value_us, highest_us);
  // Values below 2048 share bucket 0; or-ing the mask in keeps smaller ones there.
  const auto bucket = static_cast<unsigned>(std::bit_width(value_us | (sub_bucket_count - 1)) -
                                            std::bit_width(sub_bucket_count - 1));
  const auto sub_bucket = static_cast<std::uint32_t>(value_us >> bucket);
  return (bucket << half_count_bits) + sub_bucket;
}

std::uint64_t Histogram::lowest_at(std::uint32_t index) noexcept {
  const unsigned bucket = bucket_of(index);
  return std::uint64_t{index - (bucket << half_count_bits)} << bucket;
}

std::uint64_t Histogram::highest_at(std::uint32_t index) noexcept {
  return lowest_at(index) + (std::uint64_t{1} << bucket_of(index)) - 1;
}

void Histogram::touch(std::uint32_t first, std::uint32_t last) noexcept {
  first_ = std::min(first_, first);
  last_ = std::max(last_, last);
}

void Histogram::record(Duration value, std::uint64_t times) noexcept {
  if (times == 0) return;
  const auto us = to_micros(value);
  const auto index = index_of(us);
  counts_[index] += times;
  total_ += times;
  sum_us_ += us * times;
  min_us_ = std::min(min_us_, us);
  max_us_ = std::max(max_us_, us);
  touch(index, index);
}

void Histogram::merge(const Histogram& other) noexcept {
  for (auto i = other.first_; i <= other.last_; ++i) counts_[i] += other.counts_[i];
  total_ += other.total_;
  sum_us_ += other.sum_us_;
  min_us_ = std::min(min_us_, other.min_us_);
  max_us_ = std::max(max_us_, other.max_us_);
  touch(other.first_, other.last_);
}

Result<void> Histogram::merge(const SparseHistogram& sparse) {
  if (auto fault = fault_of(sparse); !fault.empty())
    return Error{ErrorCode::invalid_argument, std::move(fault)};
  merge_unchecked(sparse);
  return {};
}

void Histogram::merge_unchecked(const SparseHistogram& sparse) noexcept {
  if (sparse.entries.empty()) return;
  for (const auto& entry : sparse.entries) {
    counts_[entry.index] += entry.count;
    total_ += entry.count;
  }
  sum_us_ += sparse.sum_us;
  min_us_ = std::min(min_us_, sparse.min_us);
  max_us_ = std::max(max_us_, sparse.max_us);
  touch(sparse.entries.front().index, sparse.entries.back().index);
}

void Histogram::reset() noexcept {
  for (auto i = first_; i <= last_; ++i) counts_[i] = 0;
  total_ = sum_us_ = max_us_ = 0;
  min_us_ = UINT64_MAX;
  first_ = cell_count;
  last_ = 0;
}

Result<Histogram> Histogram::from(const SparseHistogram& sparse) {
  Histogram histogram;
  if (auto merged = histogram.merge(sparse); !merged) return merged.error();
  return histogram;
}

SparseHistogram Histogram::sparse() const {
  SparseHistogram out;
  if (total_ == 0) return out;
  for (auto i = first_; i <= last_; ++i) {
    if (counts_[i] != 0) out.entries.push_back({i, counts_[i]});
  }
  out.sum_us = sum_us_;
  out.min_us = min_us_;
  out.max_us = max_us_;
  return out;
}

std::chrono::duration<double, std::micro> Histogram::mean() const noexcept {
  using Mean = std::chrono::duration<double, std::micro>;
  return total_ == 0 ? Mean(0) : Mean(static_cast<double>(sum_us_) / static_cast<double>(total_));
}

std::chrono::duration<double, std::micro> Histogram::standard_deviation() const noexcept {
  using Deviation = std::chrono::duration<double, std::micro>;
  if (total_ == 0) return Deviation(0);
  const double middle_of_all = mean().count();
  double squares = 0;
  for (auto i = first_; i <= last_; ++i) {
    const std::uint64_t middle_us = (lowest_at(i) + highest_at(i) + 1) / 2;
    const auto middle = static_cast<double>(middle_us);
    squares += static_cast<double>(counts_[i]) * (middle - middle_of_all) * (middle - middle_of_all);
  }
  return Deviation(std::sqrt(squares / static_cast<double>(total_)));
}

Histogram::Micros Histogram::percentile(double percent) const noexcept {
  if (total_ == 0) return Micros(0);
  const double lowered = std::clamp(std::nextafter(percent, -1.0), 0.0, 100.0);
  const auto wanted = std::max<std::uint64_t>(
      1, static_cast<std::uint64_t>(std::ceil(lowered * static_cast<double>(total_) / 100.0)));
  std::uint64_t seen = 0;
  for (auto i = first_; i <= last_; ++i) {
    seen += counts_[i];
    if (seen >= wanted) return Micros(std::min(highest_at(i), max_us_));
  }
  return Micros(max_us_);
}

std::uint64_t Histogram::count_at_or_below(Micros value) const noexcept {
  if (value.count() < 0) return 0;
  std::uint64_t seen = 0;
  const auto end = std::min(last_, index_of(static_cast<std::uint64_t>(value.count())));
  for (auto i = first_; i <= end; ++i) seen += counts_[i];
  return seen;
}

void merge(SparseHistogram& to, const SparseHistogram& from) {
  if (from.entries.empty()) return;
  if (to.entries.empty()) {
    to = from;
    return;
  }
  std::vector<SparseHistogram::Entry> entries;
  entries.reserve(to.entries.size() + from.entries.size());
  auto a = to.entries.begin();
  auto b = from.entries.begin();
  while (a != to.entries.end() || b != from.entries.end()) {
    if (b == from.entries.end() || (a != to.entries.end() && a->index < b->index)) {
      entries.push_back(*a++);
    } else if (a == to.entries.end() || b->index < a->index) {
      entries.push_back(*b++);
    } else {
      entries.push_back({a->index, a->count + b->count});
      ++a, ++b;
    }
  }
  to.entries = std::move(entries);
  to.sum_us += from.sum_us;
  to.min_us = std::min(to.min_us, from.min_us);
  to.max_us = std::max(to.max_us, from.max_us);
}

}  // namespace troupe
