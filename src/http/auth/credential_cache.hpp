#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

#include "http/server/caller.hpp"

namespace troupe::http {

/// Whether two texts are the same, in time that depends on their sizes alone.
bool same_secret(std::string_view one, std::string_view other);

/// Keys and tokens that were found good, tokens until they expire: to hash one again costs more than all else
/// that is asked of it. One per thread; not thread-safe. Holds two halves: when the younger is full the older
/// is dropped, so that what is in use stays without an order to be kept of it.
class CredentialCache {
 public:
  /// `most_bytes`: of what it holds, with a guess at what holding it takes.
  explicit CredentialCache(std::size_t most_bytes) : half_(most_bytes / 2) {}

  /// Who has it, by rules of this number; null: it is not known, or has expired.
  std::shared_ptr<const Caller> find(std::string_view credential, std::uint64_t rules, double now);
  /// `expires`, `now`: seconds since 1970.
  void put(std::string_view credential, std::uint64_t rules, std::shared_ptr<const Caller> caller,
           double expires);
  std::size_t bytes() const { return young_.bytes + old_.bytes; }

 private:
  struct Known {
    std::shared_ptr<const Caller> caller;
    double expires = 0;
  };
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
  };
  struct Equal {
    using is_transparent = void;
    bool operator()(std::string_view one, std::string_view other) const { return same_secret(one, other); }
  };
  using Table = std::unordered_map<std::string, Known, Hash, Equal>;
  struct Half {
    Table table;
    std::size_t bytes = 0;
  };

  void forget_other_rules(std::uint64_t rules);
  void make_room();
  static std::size_t bytes_of(const Table::value_type& entry);

  std::size_t half_;
  std::uint64_t rules_ = 0;  ///< that these were good by
  Half young_, old_;
};

}  // namespace troupe::http
