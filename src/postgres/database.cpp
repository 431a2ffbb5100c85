#include "postgres/database.hpp"

#include <utility>

#include "postgres/catalogue/resources.hpp"
#include "schema/file/items_resource.hpp"
#include "schema/file/resource_file.hpp"

namespace troupe::postgres {

namespace {

// Beside the pool: superuser_reserved_connections (3), a psql or two, preparing the table.
constexpr std::size_t spare_connections = 10;

Result<ResourceRequest> request_of(const DatabaseSettings& settings) {
  if (settings.resources == "auto") return ResourceRequest{};
  if (settings.resources.empty())
    return ResourceRequest{schema::ResourceFile{{}, {schema::items_entry(settings.table)}}};
  auto file = schema::read_resource_file(settings.resources);
  if (!file) return file.error();
  return ResourceRequest{std::move(*file)};
}

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
  database.settings_ = settings;
  auto served = database.read_served();
  if (!served) return served.error();
  database.served_ = std::move(*served);
  return database;
}

Result<Served> Database::read_served() const {
  auto request = request_of(settings_);
  if (!request) return request.error();
  auto resources = load_resources(conninfo_, settings_.connect_timeout, *request);
  if (!resources) return resources.error();
  Served served{serve_resources(std::move(*resources)), {}};
  if (!request->file || request->file->queries.empty()) return served;
  auto session = BlockingSession::open(conninfo_, settings_.connect_timeout);
  if (!session) return session.error();
  auto queries = load_queries(*session, *request->file);
  if (!queries) return queries.error();
  served.queries = serve_queries(std::move(*queries));
  return served;
}

}  // namespace troupe::postgres
