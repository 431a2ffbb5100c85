#pragma once

#include <cstddef>
#include <mutex>
#include <optional>
#include <vector>

#include "sim/rows/row_key.hpp"
#include "support/distributions.hpp"

namespace troupe::sim {

/// The rows of a table that a run's users may ask for: their keys, as far as the run knows. One book for all
/// users of all workers, so that what is popular is popular with everybody and a row that is left is found;
/// under a lock for the few nanoseconds that a look takes. Callable from any thread.
class RowBook {
 public:
  /// `most` keys are kept; of further rows nobody is told.
  explicit RowBook(KeyChoice keys, std::size_t most = 100'000);

  /// A row exists: the youngest, so with zipfian keys the least popular.
  void add(RowKey key);
  /// One of the rows, chosen as the keys say; none when there is none.
  std::optional<RowKey> pick(Rng& rng);
  /// The same, and nobody else gets it. The others keep their popularity.
  std::optional<RowKey> take(Rng& rng);

 private:
  std::optional<std::size_t> position(Rng& rng);
  void remove(std::size_t position);

  std::mutex mutex_;
  KeyPicker keys_;
  const bool ranked_;  ///< a position is a rank
  const std::size_t most_;
  std::vector<RowKey> rows_;  ///< oldest first when ranked; empty: taken
  std::size_t taken_ = 0;     ///< how many of them are empty
};

}  // namespace troupe::sim
