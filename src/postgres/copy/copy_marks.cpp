#include "postgres/copy/copy_marks.hpp"

#include <spdlog/fmt/chrono.h>
#include <spdlog/fmt/fmt.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <ctime>

#include "postgres/wire/conninfo.hpp"
#include "schema/table_name.hpp"

namespace troupe::postgres {
namespace {

constexpr std::string_view name_begins = "troupe_copy_";
constexpr std::string_view run_ends = "_run";
constexpr std::string_view mark_begins = "made by troupe, which removes it: a copy of ";
// Beside a hash of the name: the first half of the key of the advisory locks; "trou".
constexpr int lock_class = 0x74726f75;

std::string lock_key(const std::string& name) {
  return fmt::format("{}, hashtext({})", lock_class, quote_text(name));
}

}  // namespace

std::string new_copy_name() {
  return fmt::format("{}{:%Y%m%d_%H%M%S}_{}", name_begins, fmt::gmtime(std::time(nullptr)), ::getpid());
}

std::string run_name(const std::string& copy) {
  return copy + std::string(run_ends);
}

Result<void> mark_copy(CopySession& session, const std::string& name, const std::string& source) {
  char host[256] = "";
  ::gethostname(host, sizeof host - 1);
  const auto mark = fmt::format("{}\"{}\", of process {} on {}, {:%Y-%m-%dT%H:%M:%SZ}", mark_begins, source,
                                ::getpid(), host, fmt::gmtime(std::time(nullptr)));
  const auto done = session.run(
      fmt::format("COMMENT ON DATABASE {} IS {}", schema::quote_identifier(name), quote_text(mark)));
  return done ? Result<void>{} : done.error();
}

Result<void> lock_copy(CopySession& session, const std::string& name) {
  const auto locked = session.run(fmt::format("SELECT pg_advisory_lock({})", lock_key(name)));
  return locked ? Result<void>{} : locked.error();
}

Result<std::vector<FoundCopy>> find_copies(CopySession& session) {
  const auto rows = session.run(fmt::format(
      R"(SELECT d.datname, coalesce(shobj_description(d.oid, 'pg_database'), ''),
           EXISTS (SELECT FROM pg_stat_activity a WHERE a.datid = d.oid AND a.pid <> pg_backend_pid())
           OR EXISTS (SELECT FROM pg_locks l WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 2
                      AND l.classid = {} AND l.pid <> pg_backend_pid()
                      AND l.objid::int8 = hashtext(regexp_replace(d.datname, '{}$', ''))::int8 & 4294967295),
           CASE WHEN has_database_privilege(d.oid, 'CONNECT') THEN pg_database_size(d.oid) END
         FROM pg_database d WHERE starts_with(d.datname, '{}') ORDER BY d.datname)",
      lock_class, run_ends, name_begins));
  if (!rows) return rows.error();
  std::vector<FoundCopy> copies;
  for (int row = 0; row < rows->count(); ++row) {
    FoundCopy copy{.name = std::string(rows->text(row, 0)),
                   .mark = std::string(rows->text(row, 1)),
                   .in_use = rows->text(row, 2) == "t"};
    copy.marked = copy.mark.starts_with(mark_begins);
    if (copy.marked) copy.mark.erase(0, mark_begins.size());
    if (!rows->is_null(row, 3)) copy.bytes = std::stoll(std::string(rows->text(row, 3)));
    copies.push_back(std::move(copy));
  }
  return copies;
}

Result<void> remove_copy(CopySession& session, const std::string& name) {
  const auto copies = find_copies(session);
  if (!copies) return copies.error();
  const auto found = std::ranges::find(*copies, name, &FoundCopy::name);
  if (found == copies->end()) return Error{ErrorCode::invalid_argument, "there is no copy " + name};
  if (!found->marked)
    return Error{ErrorCode::invalid_argument,
                 name + " has the name of a copy, but not its mark: it is left alone"};
  if (found->in_use) return Error{ErrorCode::invalid_argument, name + " is in use: it is left alone"};
  // Without FORCE: who connects meanwhile keeps it.
  const auto dropped = session.run("DROP DATABASE " + schema::quote_identifier(name));
  return dropped ? Result<void>{} : dropped.error();
}

Result<CopySession> maintenance_session(const std::string& conninfo, std::chrono::milliseconds timeout,
                                        GiveUp give_up) {
  const auto elsewhere = with_database(conninfo, "postgres");
  if (!elsewhere) return elsewhere.error();
  auto session = CopySession::open(*elsewhere, timeout, give_up);
  if (session) return session;
  return CopySession::open(conninfo, timeout, std::move(give_up));
}

}  // namespace troupe::postgres
