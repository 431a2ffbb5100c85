#pragma once

#include <bit>
#include <cstdint>
#include <cstring>

namespace troupe::postgres {

/// Writes `value` at `out` in network byte order, as PostgreSQL's binary formats want it; returns the place
/// behind it.
inline char* write_big_endian(char* out, std::uint32_t value) {
  if constexpr (std::endian::native == std::endian::little) value = __builtin_bswap32(value);
  std::memcpy(out, &value, sizeof value);
  return out + sizeof value;
}

inline char* write_big_endian(char* out, std::uint64_t value) {
  if constexpr (std::endian::native == std::endian::little) value = __builtin_bswap64(value);
  std::memcpy(out, &value, sizeof value);
  return out + sizeof value;
}

}  // namespace troupe::postgres
