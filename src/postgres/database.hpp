#pragma once

#include <functional>
#include <memory>
#include <string>

#include "postgres/cluster/embedded_cluster.hpp"
#include "postgres/item_table.hpp"
#include "support/result.hpp"
#include "support/settings.hpp"

namespace troupe::postgres {

/// The PostgreSQL that a run uses, ready to take items: the one at database.url, or an embedded cluster that
/// lives as long as this object.
class Database {
 public:
  /// Starts the embedded cluster when there is no url, and prepares the table. Blocks; for start-up only.
  /// ErrorCode::invalid_argument: the settings are at fault; anything else: the database is away. `give_up`
  /// is asked again and again while the cluster starts: true ends that, with an Error.
  static Result<Database> open(
      const DatabaseSettings& settings, std::size_t pool_size,
      const std::function<bool()>& give_up = [] { return false; });

  const std::string& conninfo() const { return conninfo_; }
  const ItemTable& table() const { return table_; }
  /// For people: "embedded PostgreSQL" or "PostgreSQL at database.url".
  const std::string& description() const { return description_; }

 private:
  std::unique_ptr<EmbeddedCluster> cluster_;
  std::string conninfo_;
  std::string description_;
  ItemTable table_;
};

}  // namespace troupe::postgres
