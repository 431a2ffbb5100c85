#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "postgres/catalogue/served_resource.hpp"
#include "postgres/cluster/embedded_cluster.hpp"
#include "support/result.hpp"
#include "support/settings.hpp"

namespace troupe::postgres {

/// The PostgreSQL that a run uses, with the resources that are served from it: the one at database.url, or an
/// embedded cluster that lives as long as this object.
class Database {
 public:
  /// Starts the embedded cluster when there is no url, reads the resources (database.resources) and makes
  /// the tables that they say are to be made. Blocks; for start-up only.
  /// ErrorCode::invalid_argument: the settings are at fault; anything else: the database is away. `give_up`
  /// is asked again and again while the cluster starts: true ends that, with an Error.
  static Result<Database> open(
      const DatabaseSettings& settings, std::size_t pool_size,
      const std::function<bool()>& give_up = [] { return false; });

  const std::string& conninfo() const { return conninfo_; }
  const std::vector<SharedResource>& resources() const { return resources_; }
  /// The items API's resource: the only one, unless the settings name others.
  const SharedResource& items() const { return resources_.front(); }
  /// The same resources as the database's catalogue has them now. Blocks.
  Result<std::vector<SharedResource>> read_resources() const;
  /// Who the embedded cluster runs as, where that is another user than this process was at its start.
  std::optional<User> cluster_user() const { return cluster_ ? cluster_->user() : std::nullopt; }
  /// For people: "embedded PostgreSQL" or "PostgreSQL at database.url".
  const std::string& description() const { return description_; }

 private:
  std::unique_ptr<EmbeddedCluster> cluster_;
  std::string conninfo_;
  std::string description_;
  DatabaseSettings settings_;
  std::vector<SharedResource> resources_;
};

}  // namespace troupe::postgres
