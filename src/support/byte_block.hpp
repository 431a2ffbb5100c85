#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace troupe {

/// Eight bytes of text in one register. Text is read and written on every request and is nearly always plain
/// ASCII: one question to eight bytes at once replaces eight branches. The tests are the exact ones of "Bit
/// Twiddling Hacks" (haszero, hasless, hasvalue).
class ByteBlock {
 public:
  static constexpr std::size_t size = 8;

  /// The block at `position`; the caller made sure that `size` bytes are there.
  ByteBlock(std::string_view text, std::size_t position) {
    std::memcpy(&bits_, text.data() + position, size);
  }

  bool any_not_ascii() const { return (bits_ & high_bits) != 0; }
  /// `limit` is at most 128.
  bool any_below(unsigned char limit) const { return any_below(bits_, limit); }
  bool any_equal(unsigned char byte) const { return any_below(bits_ ^ (ones * byte), 1); }

 private:
  static constexpr std::uint64_t ones = 0x0101010101010101;
  static constexpr std::uint64_t high_bits = ones * 0x80;

  static bool any_below(std::uint64_t bits, unsigned char limit) {
    return ((bits - ones * limit) & ~bits & high_bits) != 0;
  }

  std::uint64_t bits_ = 0;
};

}  // namespace troupe
