#include "sim/users/item_book.hpp"

#include <algorithm>

namespace troupe::sim {
namespace {

// More holes than one in so many are closed.
constexpr std::size_t ids_per_hole = 8;

}  // namespace

ItemBook::ItemBook(KeyChoice keys, std::size_t most)
    : keys_(keys), ranked_(keys.kind == KeyChoice::Kind::zipfian), most_(most) {}

void ItemBook::add(std::int64_t id) {
  const std::lock_guard lock(mutex_);
  if (ids_.size() - taken_ < most_) ids_.push_back(id);
}

std::optional<std::int64_t> ItemBook::pick(Rng& rng) {
  const std::lock_guard lock(mutex_);
  const auto at = position(rng);
  return at ? std::optional(ids_[*at]) : std::nullopt;
}

std::optional<std::int64_t> ItemBook::take(Rng& rng) {
  const std::lock_guard lock(mutex_);
  const auto at = position(rng);
  if (!at) return std::nullopt;
  const auto id = ids_[*at];
  remove(*at);
  return id;
}

std::optional<std::size_t> ItemBook::position(Rng& rng) {
  if (ids_.size() == taken_) return std::nullopt;
  auto at = keys_.pick(ids_.size(), rng);
  while (ids_[at] == 0) at = (at + 1) % ids_.size();  // who was next in rank moves up
  return at;
}

void ItemBook::remove(std::size_t position) {
  if (!ranked_) {
    ids_[position] = ids_.back();
    ids_.pop_back();
    return;
  }
  // Ranks are kept by leaving a hole, and closing the holes now and then.
  ids_[position] = 0;
  if (++taken_ * ids_per_hole <= ids_.size()) return;
  std::erase(ids_, 0);
  taken_ = 0;
}

}  // namespace troupe::sim
