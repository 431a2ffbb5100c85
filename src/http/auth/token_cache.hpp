#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <unordered_map>

#include "http/auth/digest.hpp"
#include "http/server/caller.hpp"

namespace troupe::http {

/// Tokens that were found good, until they expire. One per thread; not thread-safe. Holds two halves: when
/// the younger is full the older is dropped, so that what is in use stays without an order to be kept of it.
class TokenCache {
 public:
  /// `most`: tokens that it holds; some 250 bytes each.
  explicit TokenCache(std::size_t most) : half_(most / 2) {}

  /// Who has it, by rules of this number; null: it is not known, or has expired.
  std::shared_ptr<const Caller> find(const Digest& token, std::uint64_t rules, double now);
  /// `expires`, `now`: seconds since 1970.
  void put(const Digest& token, std::uint64_t rules, std::shared_ptr<const Caller> caller, double expires);
  std::size_t size() const { return young_.size() + old_.size(); }

 private:
  struct Known {
    std::shared_ptr<const Caller> caller;
    double expires = 0;
  };
  using Table = std::unordered_map<Digest, Known, DigestHash, DigestEqual>;

  void forget_other_rules(std::uint64_t rules);
  void put(const Digest& token, Known known);

  std::size_t half_;
  std::uint64_t rules_ = 0;  ///< that these were good by
  Table young_, old_;
};

}  // namespace troupe::http
