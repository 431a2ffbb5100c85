#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "support/random.hpp"
#include "world/load/exchange.hpp"
#include "world/tables/world_table.hpp"

namespace troupe::world {

/// What all clients together know of keys that a sequence gave: by table, the last ones first.
class KeyBook {
 public:
  explicit KeyBook(std::size_t tables) : keys_(tables) {}
  void learn(std::size_t table, const std::string& key);
  /// A key that is there or was, or may be: none is known of an empty table with a sequence.
  std::string pick(const std::vector<WorldTable>& tables, std::size_t table, Rng& random) const;

 private:
  std::vector<std::vector<std::string>> keys_;
};

/// The version of a row that a client last saw.
struct SeenVersion {
  std::string etag, mark;
};
using SeenVersions = std::map<std::pair<std::size_t, std::string>, SeenVersion>;  ///< by table and key

/// How often clients do what; weights.
struct LoadMix {
  std::vector<double> deeds{3, 1, 4, 2, 3, 1, 1};  ///< in the order of Deed
  double conditional = 0.3;                        ///< changes with If-Match, where a version is known
  double wrong_amounts = 0.05;                     ///< break the table's check
  std::size_t most_rows = 1;                       ///< of create_many
  std::size_t padding = 0;                         ///< bytes more of each mark
  double stalls = 0.02;                            ///< requests of which a part comes late, or too late
  double half_closes = 0.02;                       ///< requests behind which the client ends its side
};

/// What a client asks for next; without its number, client and time. `next_mark`: makes the marks.
Asked choose(const std::vector<WorldTable>& tables, const KeyBook& keys, const SeenVersions& seen,
             const LoadMix& mix, Rng& random, const std::function<std::string()>& next_mark);

/// The request as HTTP/1.1.
std::string request_text(const Asked& asked, const WorldTable& table, const SeenVersions& seen);

/// The query string of a list.
std::string list_query(const std::optional<std::string>& slot, std::size_t limit);

}  // namespace troupe::world
