#include "postgres/server_facts.hpp"

#include <array>
#include <optional>
#include <string_view>

#include "postgres/wire/blocking_session.hpp"

namespace troupe::postgres {
namespace {

constexpr std::string_view version_setting = "server_version";

/// A setting that a server's version does not have is left out of its answer.
constexpr std::array<std::optional<std::string_view>, 22> setting_names{
    version_setting,
    "autovacuum",
    "bgwriter_delay",
    "checkpoint_completion_target",
    "checkpoint_timeout",
    "commit_delay",
    "effective_cache_size",
    "fsync",
    "full_page_writes",
    "huge_pages",
    "jit",
    "max_connections",
    "max_parallel_workers_per_gather",
    "max_wal_size",
    "random_page_cost",
    "shared_buffers",
    "synchronous_commit",
    "wal_buffers",
    "wal_compression",
    "wal_level",
    "wal_sync_method",
    "work_mem",
};

}  // namespace

Result<ServerFacts> read_server_facts(const std::string& conninfo, std::chrono::milliseconds timeout) {
  auto session = BlockingSession::open(conninfo, timeout);
  if (!session) return session.error();
  Params params;
  params.add_text_array(setting_names);
  const auto outcome =
      session->run("SELECT name, current_setting(name) FROM pg_settings WHERE name = ANY($1)", params);
  if (!outcome) return outcome.error();
  if (const auto* error = std::get_if<StatementError>(&*outcome)) {
    return Error{ErrorCode::internal, "cannot read PostgreSQL's settings: " + error->in_full()};
  }
  const auto& rows = std::get<Rows>(*outcome);
  ServerFacts facts;
  for (int row = 0; row < rows.count(); ++row) facts.settings.emplace(rows.text(row, 0), rows.text(row, 1));
  if (const auto version = facts.settings.extract(std::string(version_setting)); version)
    facts.version = version.mapped();
  return facts;
}

}  // namespace troupe::postgres
