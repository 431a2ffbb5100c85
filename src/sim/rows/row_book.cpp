#include "sim/rows/row_book.hpp"

#include <algorithm>
#include <utility>

namespace troupe::sim {
namespace {

// More holes than one in so many are closed.
constexpr std::size_t rows_per_hole = 8;

}  // namespace

RowBook::RowBook(KeyChoice keys, std::size_t most)
    : keys_(keys), ranked_(keys.kind == KeyChoice::Kind::zipfian), most_(most) {}

void RowBook::add(RowKey key) {
  const std::lock_guard lock(mutex_);
  if (rows_.size() - taken_ < most_) rows_.push_back(std::move(key));
}

std::optional<RowKey> RowBook::pick(Rng& rng) {
  const std::lock_guard lock(mutex_);
  const auto at = position(rng);
  return at ? std::optional(rows_[*at]) : std::nullopt;
}

std::optional<RowKey> RowBook::take(Rng& rng) {
  const std::lock_guard lock(mutex_);
  const auto at = position(rng);
  if (!at) return std::nullopt;
  auto key = std::move(rows_[*at]);
  remove(*at);
  return key;
}

std::optional<std::size_t> RowBook::position(Rng& rng) {
  if (rows_.size() == taken_) return std::nullopt;
  auto at = keys_.pick(rows_.size(), rng);
  while (rows_[at].empty()) at = (at + 1) % rows_.size();  // who was next in rank moves up
  return at;
}

void RowBook::remove(std::size_t position) {
  if (!ranked_) {
    rows_[position] = std::move(rows_.back());
    rows_.pop_back();
    return;
  }
  // Ranks are kept by leaving a hole, and closing the holes now and then.
  rows_[position].clear();
  if (++taken_ * rows_per_hole <= rows_.size()) return;
  std::erase(rows_, RowKey());
  taken_ = 0;
}

}  // namespace troupe::sim
