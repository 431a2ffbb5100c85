#include "actors/database/connect_reasons.hpp"

#include <algorithm>

namespace troupe::actors {

namespace {

constexpr std::size_t remembered = 8;

}  // namespace

bool ConnectReasons::is_new(std::string_view reason) {
  const std::lock_guard lock(mutex_);
  if (std::ranges::find(told_, reason) != told_.end()) return false;
  if (told_.size() == remembered) told_.pop_front();
  told_.emplace_back(reason);
  return true;
}

void ConnectReasons::connected() {
  const std::lock_guard lock(mutex_);
  told_.clear();
}

}  // namespace troupe::actors
