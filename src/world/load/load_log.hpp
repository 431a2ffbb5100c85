#pragma once

#include <functional>
#include <string>
#include <vector>

#include "support/time.hpp"
#include "world/load/exchange.hpp"

namespace troupe::world {

/// Everything that clients asked for and were answered, and what of it is wrong by itself.
class LoadLog {
 public:
  /// Gives the request its number.
  std::uint64_t ask(Asked asked);
  void answer(std::uint64_t number, Answered answered);
  /// When its last byte is sent; TimePoint::max(): not yet.
  void hold_back(std::uint64_t number, TimePoint whole) { exchanges_[number - 1].asked.whole = whole; }
  /// Something that no server may do.
  void complain(std::string what) { complaints_.push_back(std::move(what)); }

  const std::vector<Exchange>& exchanges() const { return exchanges_; }
  const Exchange& exchange(std::uint64_t number) const { return exchanges_[number - 1]; }
  const std::vector<std::string>& complaints() const { return complaints_; }

  /// Called with each exchange, when it is asked and when it is answered; may be empty.
  std::function<void(const Exchange&)> on_event;

 private:
  std::vector<Exchange> exchanges_;
  std::vector<std::string> complaints_;
};

}  // namespace troupe::world
