#include "cli/common/query_notes.hpp"

#include <spdlog/fmt/fmt.h>

#include "postgres/queries/load_queries.hpp"
#include "schema/file/resource_file.hpp"

namespace troupe::cli {

Result<std::string> query_notes(const DatabaseSettings& settings) {
  if (settings.resources.empty() || settings.resources == "auto") return std::string();
  const auto file = schema::read_resource_file(settings.resources);
  if (!file) return file.error();
  if (file->queries.empty()) return std::string();
  std::string notes(1, '\n');
  if (settings.url.empty()) {
    for (const auto& entry : file->queries)
      notes +=
          fmt::format("# query {}: to be seen in /metrics once the embedded database runs\n", entry.name);
    return notes;
  }
  auto session = postgres::BlockingSession::open(settings.url, settings.connect_timeout);
  if (!session) return session.error();
  const auto queries = postgres::load_queries(*session, *file);
  if (!queries) return queries.error();
  for (const auto& [query, one_sql, many_sql] : *queries)
    notes += fmt::format("# query {}: {}\n", query.name,
                         query.coalesced ? "calls that wait share a statement"
                                         : "calls are sent one by one: " + query.why_not);
  return notes;
}

}  // namespace troupe::cli
