#include "postgres/catalogue/drop_table.hpp"

#include "postgres/wire/blocking_session.hpp"

namespace troupe::postgres {

Result<void> drop_table(const std::string& conninfo, const std::string& table,
                        std::chrono::milliseconds timeout) {
  auto session = BlockingSession::open(conninfo, timeout);
  if (!session) return session.error();
  const auto outcome = session->run("DROP TABLE IF EXISTS " + table);
  if (!outcome) return outcome.error();
  if (const auto* error = std::get_if<StatementError>(&*outcome))
    return Error{ErrorCode::unavailable, error->message + " (SQLSTATE " + error->sqlstate + ")"};
  return {};
}

}  // namespace troupe::postgres
