#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

namespace troupe {

/// The memory of strings that are used up, for the next ones: of what is made and dropped for every request.
/// Not thread-safe.
class SpareStrings {
 public:
  /// Keeps `most` strings, of `most_bytes` each at most.
  SpareStrings(std::size_t most, std::size_t most_bytes) : most_(most), most_bytes_(most_bytes) {}

  /// An empty string, with room for something if there is a spare one.
  std::string borrow() {
    if (spare_.empty()) return {};
    auto string = std::move(spare_.back());
    spare_.pop_back();
    return string;
  }

  /// Also takes strings that were never borrowed; what is too large or too many is freed.
  void give_back(std::string string) {
    constexpr std::size_t without_memory = sizeof(std::string);
    if (string.capacity() < without_memory || string.capacity() > most_bytes_ || spare_.size() >= most_)
      return;
    string.clear();
    spare_.push_back(std::move(string));
  }

 private:
  std::size_t most_, most_bytes_;
  std::vector<std::string> spare_;
};

}  // namespace troupe
