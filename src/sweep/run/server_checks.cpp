#include "sweep/run/server_checks.hpp"

#include <spdlog/fmt/fmt.h>

#include <algorithm>

#include "postgres/catalogue/run_query.hpp"
#include "postgres/wire/blocking_session.hpp"

namespace troupe::sweep {

Result<void> check_connections(const std::string& conninfo, std::chrono::milliseconds timeout,
                               std::size_t wanted) {
  auto open = postgres::BlockingSession::open(conninfo, timeout);
  if (!open) return open.error();
  const auto rows = postgres::run_query(
      *open,
      "SELECT current_setting('max_connections')::int8, "
      "current_setting('superuser_reserved_connections')::int8, "
      // Ours is one of them; a user may count others' connections here, but not see them one by one.
      "(SELECT sum(numbackends)::int8 - 1 FROM pg_stat_database)");
  if (!rows) return rows.error();
  const auto most = rows->int8(0, 0), reserved = rows->int8(0, 1), taken = rows->int8(0, 2);
  const auto free = most - reserved - taken;
  if (static_cast<std::int64_t>(wanted) <= free) return {};
  return Error{
      ErrorCode::invalid_argument,
      fmt::format("a cell wants {} connections, and PostgreSQL has {} left (max_connections {}, {} reserved, "
                  "{} taken): lower pool_size or raise max_connections",
                  wanted, std::max<std::int64_t>(free, 0), most, reserved, taken)};
}

}  // namespace troupe::sweep
