#include "postgres/database.hpp"

namespace troupe::postgres {

namespace {

// Beside the pool: superuser_reserved_connections (3), a psql or two, preparing the table.
constexpr std::size_t spare_connections = 10;

}  // namespace

Result<Database> Database::open(const DatabaseSettings& settings, std::size_t pool_size,
                                const std::function<bool()>& give_up) {
  Database database;
  if (settings.url.empty()) {
    ClusterOptions options;
    options.data_dir = settings.data_dir;
    options.max_connections = static_cast<int>(pool_size + spare_connections);
    options.give_up = give_up;
    auto cluster = EmbeddedCluster::start(options);
    if (!cluster) return cluster.error();
    database.cluster_ = std::move(*cluster);
    database.conninfo_ = database.cluster_->conninfo();
    database.description_ = "embedded PostgreSQL";
  } else {
    database.conninfo_ = settings.url;
    database.description_ = "PostgreSQL at database.url";
  }
  const auto timeout = std::chrono::ceil<std::chrono::seconds>(settings.connect_timeout);
  auto table = prepare_item_table(database.conninfo_, settings.table, static_cast<int>(timeout.count()));
  if (!table) return table.error();
  database.table_ = std::move(*table);
  return database;
}

}  // namespace troupe::postgres
