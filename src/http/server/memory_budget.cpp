#include "http/server/memory_budget.hpp"

#include <algorithm>
#include <utility>

namespace troupe::http {

namespace {

constexpr std::size_t chunk = 1024 * 1024;      // what a worker takes and gives back at once
constexpr std::size_t flood = 8 * 1024 * 1024;  // less is not worth a look for what could be given back

}  // namespace

bool MemoryBudget::take(std::size_t bytes, std::size_t limit) {
  auto taken = taken_.load(std::memory_order_relaxed);
  do {
    if (bytes > limit || taken > limit - bytes) return false;
  } while (!taken_.compare_exchange_weak(taken, taken + bytes, std::memory_order_relaxed));
  return true;
}

bool MemoryShare::make_room(std::size_t before, std::size_t after) {
  const auto others = held_ - before;
  const auto missing = others + after - std::min(taken_, others + after);
  if (missing == 0) return true;
  for (const auto bytes : {std::max(missing, chunk), missing}) {
    if (!budget_.take(bytes, limit_)) continue;
    taken_ += bytes;
    return true;
  }
  if (others == 0) {
    budget_.overdraw(missing);
    taken_ += missing;
    return true;
  }
  ++refusals_;
  budget_.count_refusal();
  flood_ = std::max(flood_, others + after);  // it was made before there was no room for it
  return false;
}

bool MemoryShare::change(std::size_t before, std::size_t after) {
  if (!make_room(before, after)) return false;
  held_ = held_ - before + after;
  flood_ = std::max(flood_, held_);
  if (after < before) give_back_spare();
  return true;
}

void MemoryShare::give_back_spare() {
  if (taken_ - held_ < 2 * chunk) return;
  budget_.give_back(taken_ - held_ - chunk);
  taken_ = held_ + chunk;
}

std::size_t MemoryShare::size_of(const OutgoingBytes& bytes) const {
  const bool counted = bytes.body && !readers_.contains(bytes.body.get());
  return bytes.head.capacity() + (counted ? bytes.body->capacity() : 0);
}

bool MemoryShare::can_keep(const OutgoingBytes& bytes) {
  return make_room(0, size_of(bytes));
}

bool MemoryShare::keep(const OutgoingBytes& bytes) {
  if (!change(0, size_of(bytes))) return false;
  if (bytes.body) ++readers_[bytes.body.get()];
  return true;
}

void MemoryShare::drop(const OutgoingBytes& bytes) {
  if (bytes.body) {
    const auto readers = readers_.find(bytes.body.get());
    if (--readers->second == 0) readers_.erase(readers);
  }
  change(size_of(bytes), 0);
}

bool MemoryShare::has_ebbed() {
  if (flood_ < flood || held_ > flood_ / 8) return false;
  flood_ = held_;
  return true;
}

std::size_t MemoryShare::take_refusals() {
  return std::exchange(refusals_, 0);
}

}  // namespace troupe::http
