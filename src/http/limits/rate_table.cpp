#include "http/limits/rate_table.hpp"

#include <algorithm>
#include <bit>

namespace troupe::http {

namespace {

/// The last step of SplitMix64: every bit of the result depends on every bit of `value`.
std::uint64_t mix(std::uint64_t value) {
  value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9U;
  value = (value ^ (value >> 27)) * 0x94d049bb133111ebU;
  return value ^ (value >> 31);
}

constexpr double longest_bucket = 3600.0 * 24 * 365;  // seconds; the ticks must not overflow

}  // namespace

RateTable::RateTable(double per_second, std::size_t burst, std::size_t clients, std::uint64_t secret)
    : slots_(std::bit_ceil(std::max(clients, ways))), sets_(slots_.size() / ways), secret_(secret) {
  const double seconds = std::min(1 / per_second, longest_bucket);
  interval_ = std::max<std::int64_t>(from_seconds(seconds).count(), 1);
  depth_ = from_seconds(std::min(seconds * static_cast<double>(burst), longest_bucket)).count();
  depth_ = std::max(depth_, interval_);
}

RateTable::Slot& RateTable::slot_of(std::uint64_t client, std::int64_t time) {
  auto* const set = &slots_[(client & (sets_ - 1)) * ways];
  for (int attempt = 0;; ++attempt) {
    Slot* oldest = set;
    std::uint64_t owner = 0;
    std::int64_t least = INT64_MAX;
    for (auto* slot = set; slot < set + ways; ++slot) {
      const auto there = slot->client.load(std::memory_order_relaxed);
      if (there == client) return *slot;
      const auto full = slot->full.load(std::memory_order_relaxed);
      if (full >= least) continue;
      oldest = slot;
      owner = there;
      least = full;
    }
    if (oldest->client.compare_exchange_strong(owner, client, std::memory_order_relaxed)) {
      // One that is full already is as good as new, and may be in use by now.
      if (least > time) oldest->full.store(time, std::memory_order_relaxed);
      return *oldest;
    }
    // Another worker was faster, perhaps for the same client. Who loses every time shares the slot.
    if (attempt == 3) return *oldest;
  }
}

std::optional<Duration> RateTable::take(std::uint64_t client, TimePoint now) {
  if (!limits()) return std::nullopt;
  const auto time = now.time_since_epoch().count();
  auto& slot = slot_of(std::max<std::uint64_t>(mix(client ^ secret_), 1), time);
  auto full = slot.full.load(std::memory_order_relaxed);
  for (;;) {
    const auto next = std::max(full, time) + interval_;
    if (const auto missing = next - time - depth_; missing > 0) return Duration(missing);
    if (slot.full.compare_exchange_weak(full, next, std::memory_order_relaxed)) return std::nullopt;
  }
}

}  // namespace troupe::http
