#pragma once

#include <algorithm>
#include <array>
#include <atomic>
#include <cstddef>
#include <cstring>
#include <memory>
#include <string_view>

namespace troupe::http {

/// Bytes on their way from one thread to another one, without a lock: one thread puts, one takes. The size
/// never changes.
class ByteRing {
 public:
  explicit ByteRing(std::size_t capacity)
      : capacity_(capacity), bytes_(std::make_unique_for_overwrite<char[]>(capacity)) {}

  /// The putting thread: all of `text`, or, where there is no room, nothing and false.
  bool put(std::string_view text) {
    const auto end = end_.load(std::memory_order_relaxed);
    if (capacity_ - (end - begin_.load(std::memory_order_acquire)) < text.size()) return false;
    const auto at = end % capacity_;
    const auto first = std::min(text.size(), capacity_ - at);
    std::memcpy(bytes_.get() + at, text.data(), first);
    std::memcpy(bytes_.get(), text.data() + first, text.size() - first);
    end_.store(end + text.size(), std::memory_order_release);
    return true;
  }

  /// The taking thread: what is there, in two pieces of which either may be empty.
  std::array<std::string_view, 2> held() const {
    const auto begin = begin_.load(std::memory_order_relaxed);
    const auto size = end_.load(std::memory_order_acquire) - begin;
    const auto at = begin % capacity_;
    const auto first = std::min(size, capacity_ - at);
    return {std::string_view(bytes_.get() + at, first), std::string_view(bytes_.get(), size - first)};
  }

  /// The taking thread: so many bytes of the front make room.
  void drop(std::size_t bytes) {
    begin_.store(begin_.load(std::memory_order_relaxed) + bytes, std::memory_order_release);
  }

  /// From any thread, of late.
  std::size_t size() const {
    const auto begin = begin_.load(std::memory_order_relaxed);
    return end_.load(std::memory_order_relaxed) - begin;
  }
  std::size_t capacity() const { return capacity_; }

 private:
  const std::size_t capacity_;
  std::unique_ptr<char[]> bytes_;
  // Each on a line of the cache of its own: the threads write them all the time.
  alignas(64) std::atomic<std::size_t> begin_{0};
  alignas(64) std::atomic<std::size_t> end_{0};
};

}  // namespace troupe::http
