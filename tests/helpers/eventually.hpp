#pragma once

#include <chrono>
#include <stdexcept>
#include <string>
#include <thread>

namespace troupe::tests {

/// Longer than anything takes on a slow machine under AddressSanitizer: only a broken server is waited for
/// this long.
constexpr std::chrono::milliseconds patience{30'000};

/// Asks until `holds()` is true; false when it was not within `timeout`.
template <class Condition>
bool eventually(Condition holds, std::chrono::milliseconds timeout = patience) {
  const auto end = std::chrono::steady_clock::now() + timeout;
  while (!holds()) {
    if (std::chrono::steady_clock::now() >= end) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(3));
  }
  return true;
}

/// The same for what the test cannot do without.
template <class Condition>
void wait_until(const std::string& what, Condition holds, std::chrono::milliseconds timeout = patience) {
  if (!eventually(holds, timeout)) throw std::runtime_error("waited in vain: " + what);
}

}  // namespace troupe::tests
