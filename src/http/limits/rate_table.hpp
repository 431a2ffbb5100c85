#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "support/time.hpp"

namespace troupe::http {

/// A token bucket for each of many clients, for all workers at once: a table of fixed size and of atomics,
/// and no lock. A bucket is one number, the time at which it would be full again (the generic cell rate
/// algorithm), so that taking a token is a compare and exchange and nothing has to be filled. A share of the
/// rate for each worker would be simpler, and wrong: a client with one connection is always on one worker and
/// would get a share only.
///
/// A client has its place in one of a few slots that its hash leads to. When others have all of them, the one
/// whose bucket is fullest makes room: one that is full again loses nothing by it. Errors: more clients than
/// fit that are busy at once get full buckets now and then; and a request that comes at the very moment at
/// which a busy slot gets another owner may count for that one. Both are in the clients' favour.
class RateTable {
 public:
  /// Lets everybody pass.
  RateTable() = default;
  /// `per_second`: tokens, more than 0. `burst`: tokens of a full bucket, at least one. `clients`: so many
  /// slots at least. `secret`: unknown to clients, so that none can choose whose slot it falls into.
  RateTable(double per_second, std::size_t burst, std::size_t clients, std::uint64_t secret);

  bool limits() const { return !slots_.empty(); }
  /// Takes a token of the client with this hash. Nothing: it was there; else how long until the next one is.
  std::optional<Duration> take(std::uint64_t client, TimePoint now);

 private:
  static constexpr std::size_t ways = 8;  ///< slots to choose from; two cache lines
  struct Slot {
    std::atomic<std::uint64_t> client{0};  ///< its hash; 0: nobody's
    std::atomic<std::int64_t> full{0};     ///< when the bucket is full, in clock ticks
  };

  Slot& slot_of(std::uint64_t client, std::int64_t time);

  std::vector<Slot> slots_;
  std::size_t sets_ = 0;  ///< a power of two
  std::uint64_t secret_ = 0;
  std::int64_t interval_ = 0;  ///< ticks for one token
  std::int64_t depth_ = 0;     ///< ticks for a bucketful
};

}  // namespace troupe::http
