#pragma once

#include <cstdint>
#include <mutex>
#include <optional>
#include <vector>

#include "support/distributions.hpp"

namespace troupe::sim {

/// The items that a run's users may ask for: their ids, as far as the run knows. One book for all users of
/// all workers, so that what is popular is popular with everybody and an item that is left is found; under a
/// lock for the few nanoseconds that a look takes. Callable from any thread.
class ItemBook {
 public:
  /// `most` ids are kept; of further items nobody is told.
  explicit ItemBook(KeyChoice keys, std::size_t most = 100'000);

  /// An item exists: the youngest, so with zipfian keys the least popular.
  void add(std::int64_t id);
  /// One of the items, chosen as the keys say; none when there is none.
  std::optional<std::int64_t> pick(Rng& rng);
  /// The same, and nobody else gets it. The others keep their popularity.
  std::optional<std::int64_t> take(Rng& rng);

 private:
  std::optional<std::size_t> position(Rng& rng);
  void remove(std::size_t position);

  std::mutex mutex_;
  KeyPicker keys_;
  const bool ranked_;  ///< a position is a rank
  const std::size_t most_;
  std::vector<std::int64_t> ids_;  ///< oldest first when ranked; 0: taken
  std::size_t taken_ = 0;          ///< how many of them are 0
};

}  // namespace troupe::sim
