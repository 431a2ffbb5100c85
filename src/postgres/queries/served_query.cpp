#include "postgres/queries/served_query.hpp"

#include <spdlog/fmt/fmt.h>

#include <atomic>
#include <utility>

namespace troupe::postgres {
namespace {

BatchStatement statement(const LoadedQuery& loaded, std::string name, const std::string& sql) {
  BatchStatement made{{std::move(name), sql}, {}};
  for (const auto& column : loaded.query.parameters.columns) made.params.push_back(column.wire_form());
  return made;
}

}  // namespace

ServedQuery::ServedQuery(LoadedQuery loaded, std::size_t at, std::uint64_t version)
    : query(loaded.query),
      slot(at),
      one(statement(loaded, fmt::format("q{}v{}_one", at, version), loaded.one_sql)),
      many(statement(loaded, fmt::format("q{}v{}_many", at, version), loaded.many_sql)),
      shape(query.rows) {}

std::vector<SharedQuery> serve_queries(std::vector<LoadedQuery> queries) {
  static std::atomic<std::uint64_t> versions{0};
  const auto version = versions.fetch_add(1) + 1;
  std::vector<SharedQuery> served;
  for (auto& loaded : queries)
    served.push_back(std::make_shared<const ServedQuery>(std::move(loaded), served.size(), version));
  return served;
}

}  // namespace troupe::postgres
