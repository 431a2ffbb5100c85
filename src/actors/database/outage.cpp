#include "actors/database/outage.hpp"

#include <algorithm>
#include <utility>

namespace troupe::actors {

namespace {

std::size_t bytes_of(const Command& command) {
  return sizeof(Pending) + command.elements.size();
}

}  // namespace

bool Outage::admit(const Command& command) {
  if (wait_ <= Duration{}) return false;
  const auto bytes = bytes_of(command);
  if (bytes_->fetch_add(bytes, std::memory_order_relaxed) + bytes > memory_) {
    bytes_->fetch_sub(bytes, std::memory_order_relaxed);
    return false;
  }
  own_bytes_ += bytes;
  return true;
}

std::vector<Pending> Outage::take_expired(CommandQueue& queue, TimePoint now) {
  auto expired = queue.take_if(
      [&](const Pending& pending) { return std::max(pending.received, began_) + wait_ <= now; });
  std::size_t bytes = 0;
  for (const auto& pending : expired) bytes += bytes_of(pending.command);
  // Some of them had come before the connection was lost, and are not counted.
  bytes = std::min(bytes, own_bytes_);
  own_bytes_ -= bytes;
  bytes_->fetch_sub(bytes, std::memory_order_relaxed);
  return expired;
}

void Outage::end() {
  bytes_->fetch_sub(std::exchange(own_bytes_, 0), std::memory_order_relaxed);
}

}  // namespace troupe::actors
