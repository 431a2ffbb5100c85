#include "actors/database/sqlstate.hpp"

namespace troupe::actors {

namespace {

constexpr std::string_view query_canceled = "57014";
constexpr std::string_view lock_not_available = "55P03";
constexpr std::string_view read_only_sql_transaction = "25006";

}  // namespace

Failure failure_for(std::string_view sqlstate) {
  const auto error_class = sqlstate.substr(0, 2);
  if (sqlstate == query_canceled || sqlstate == lock_not_available) return {Failure::Kind::deadline_passed};
  if (error_class == "22" || error_class == "23") return {Failure::Kind::rejected};
  // Connection trouble, transaction conflicts, resources, operator intervention: another try may succeed.
  if (error_class == "08" || error_class == "40" || error_class == "53" || error_class == "57" ||
      sqlstate == read_only_sql_transaction) {
    return {Failure::Kind::database_away};
  }
  return {Failure::Kind::internal};
}

bool worth_running_alone(const Batch& batch, std::string_view sqlstate) {
  return batch.commands.size() > 1 && batch.kind != BatchKind::list && batch.kind != BatchKind::ping &&
         sqlstate != query_canceled;
}

}  // namespace troupe::actors
