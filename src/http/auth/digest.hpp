#pragma once

#include <array>
#include <cstddef>
#include <cstring>
#include <optional>
#include <string_view>

namespace troupe::http {

/// SHA-256 of a key or a token. What is looked up by it was compared with nothing whose bytes a client could
/// find out by the time it took.
using Digest = std::array<unsigned char, 32>;

Digest digest_of(std::string_view text);

/// 64 hexadecimal digits; nullopt: they are none.
std::optional<Digest> read_digest(std::string_view hex);

/// In time that does not depend on what they hold.
bool same_digest(const Digest& one, const Digest& other);

/// For tables: a digest's own bytes are as good as any hash of them.
struct DigestHash {
  std::size_t operator()(const Digest& digest) const {
    std::size_t hash = 0;
    std::memcpy(&hash, digest.data(), sizeof hash);
    return hash;
  }
};

/// For tables.
struct DigestEqual {
  bool operator()(const Digest& one, const Digest& other) const { return same_digest(one, other); }
};

}  // namespace troupe::http
