#include "postgres/catalogue/drop_table.hpp"

#include "postgres/catalogue/run_query.hpp"

namespace troupe::postgres {

Result<void> drop_table(const std::string& conninfo, const std::string& table,
                        std::chrono::milliseconds timeout) {
  auto session = BlockingSession::open(conninfo, timeout);
  if (!session) return session.error();
  const auto dropped = run_query(*session, "DROP TABLE IF EXISTS " + table);
  return dropped ? Result<void>{} : dropped.error();
}

}  // namespace troupe::postgres
