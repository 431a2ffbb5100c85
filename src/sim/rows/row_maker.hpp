#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "schema/resource.hpp"
#include "sim/rows/value_maker.hpp"
#include "support/result.hpp"

namespace troupe::sim {

/// Rows of a table that others refer to, as far as they are known.
struct Referred {
  std::string name;                            ///< of the table, for messages
  std::vector<std::string> columns;            ///< of the table that refers
  std::vector<std::vector<std::string>> rows;  ///< values for those, as PostgreSQL's casts to text have them
};

/// What is known of a table's rows before a run, as far as new rows must fit them.
struct RowFacts {
  std::vector<Referred> referred{};
  std::map<std::string, std::int64_t> greatest{};  ///< by column: what new numbers must be beyond
  std::uint64_t salt = 0;                          ///< UniqueStart::salt
};

/// How many rows were made for a table, by all users.
using RowSerial = std::atomic<std::uint64_t>;

/// Makes what tasks send to make rows, or to replace them. The same seed makes the same rows in the same
/// order, whoever of the users sends which. Callable from any thread.
class RowMaker {
 public:
  RowMaker() = default;
  /// With `serial`, which all makers of a table share: each row has its own random numbers, by `seed` and its
  /// serial. Without: the user's.
  RowMaker(std::vector<ValueMaker> makers, std::shared_ptr<RowSerial> serial, std::uint64_t seed)
      : makers_(std::move(makers)), serial_(std::move(serial)), seed_(seed) {}

  /// Replaces `out`. `data`: a row of the scenario's data, or null.
  void make(Rng& user, const std::vector<std::string>* data, RowValues& out) const;

 private:
  std::vector<ValueMaker> makers_;
  std::shared_ptr<RowSerial> serial_;
  std::uint64_t seed_ = 0;
};

/// Makers for the columns `places` of a resource: valid by its types and rules, unique where they must be,
/// foreign keys from those that there are. Columns with a default that is computed get it; nullable ones are
/// null now and then. Check constraints are not known to anybody but the database. Error: one line that names
/// the column that nothing can be made up for.
Result<std::vector<ValueMaker>> row_values_of(const schema::Resource& resource,
                                              const std::vector<std::size_t>& places, const RowFacts& facts);

/// The column that makes each unique constraint's values differ; nothing of one whose columns the database
/// fills, or cannot differ.
std::vector<std::size_t> unique_places(const schema::Resource& resource,
                                       const std::vector<std::size_t>& places,
                                       const std::vector<Referred>& referred);

}  // namespace troupe::sim
