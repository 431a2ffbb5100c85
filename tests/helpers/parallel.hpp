#pragma once

#include <future>
#include <vector>

namespace troupe::tests {

/// Calls `work(0)` … `work(count - 1)`, each on a thread of its own, and returns what they return; rethrows
/// what one throws. Catch's assertions are for the calling thread only: let `work` return what is to be
/// checked.
template <class Work>
auto in_parallel(int count, Work work) {
  using Value = decltype(work(0));
  std::vector<std::future<Value>> running;
  for (int number = 0; number < count; ++number)
    running.push_back(std::async(std::launch::async, work, number));
  std::vector<Value> values;
  for (auto& one : running) values.push_back(one.get());
  return values;
}

}  // namespace troupe::tests
