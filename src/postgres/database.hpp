#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "postgres/catalogue/served_resource.hpp"
#include "postgres/cluster/embedded_cluster.hpp"
#include "postgres/queries/served_query.hpp"
#include "support/result.hpp"
#include "support/settings.hpp"

namespace troupe::postgres {

/// What is served from a database.
struct Served {
  std::vector<SharedResource> resources{};
  std::vector<SharedQuery> queries{};
};

/// The PostgreSQL that a run uses, with what is served from it: the one at database.url, or an
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
  const Served& served() const { return served_; }
  /// The items API's resource: the only one, unless the settings name others.
  const SharedResource& items() const { return served_.resources.front(); }
  /// The same as the database has it now: its catalogue was changed, or the resource file. Blocks.
  Result<Served> read_served() const;
  /// Who the embedded cluster runs as, where that is another user than this process was at its start.
  std::optional<User> cluster_user() const { return cluster_ ? cluster_->user() : std::nullopt; }
  /// For people: "embedded PostgreSQL" or "PostgreSQL at database.url".
  const std::string& description() const { return description_; }

 private:
  std::unique_ptr<EmbeddedCluster> cluster_;
  std::string conninfo_;
  std::string description_;
  DatabaseSettings settings_;
  Served served_;
};

}  // namespace troupe::postgres
