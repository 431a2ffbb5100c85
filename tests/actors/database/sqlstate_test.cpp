#include "actors/database/sqlstate.hpp"

#include <catch2/catch.hpp>

#include "helpers/item_commands.hpp"

using namespace troupe::actors;
using namespace troupe::tests;

namespace {

troupe::postgres::StatementError error_of(std::string_view sqlstate) {
  troupe::postgres::StatementError error;
  error.sqlstate = sqlstate;
  error.message = "what PostgreSQL says";
  error.constraint = "one_name";
  return error;
}

}  // namespace

TEST_CASE("an SQLSTATE says whether the values, the time, the server or the program was at fault") {
  struct Row {
    std::string_view sqlstate;
    Failure::Kind expected;
  };
  using Kind = Failure::Kind;
  const auto row = GENERATE(values<Row>({
      {"57014", Kind::deadline_passed},  // query_canceled: statement_timeout
      {"55P03", Kind::busy},             // lock_not_available: lock_timeout
      {"22003", Kind::rejected},         // numeric_value_out_of_range
      {"23502", Kind::rejected},         // not_null_violation
      {"23514", Kind::rejected},         // check_violation
      {"P0001", Kind::rejected},         // raise_exception
      {"23505", Kind::conflict},         // unique_violation
      {"23503", Kind::conflict},         // foreign_key_violation
      {"42501", Kind::forbidden},        // insufficient_privilege
      {"08006", Kind::database_away},    // connection_failure
      {"40001", Kind::busy},             // serialization_failure
      {"40P01", Kind::busy},             // deadlock_detected
      {"57P01", Kind::database_away},    // admin_shutdown
      {"25006", Kind::database_away},    // read_only_sql_transaction
      {"42703", Kind::busy},             // undefined_column: the table was changed
      {"25P02", Kind::internal},         // in_failed_sql_transaction
      {"XX000", Kind::internal},         // internal_error
      {"", Kind::internal},
  }));
  INFO(row.sqlstate);
  const auto failure = failure_for(error_of(row.sqlstate));
  CHECK(failure.kind == row.expected);
  CHECK_FALSE(failure.outcome_unknown);  // PostgreSQL said no: nothing happened
}

TEST_CASE("a refusal keeps what PostgreSQL says of it, and whether the client may hear that") {
  const auto [sqlstate, for_client] =
      GENERATE(table<std::string, bool>({{"22003", true}, {"P0001", true}, {"23514", false}}));
  const auto failure = failure_for(error_of(sqlstate));
  REQUIRE(failure.refusal != nullptr);
  CHECK(failure.refusal->constraint == "one_name");
  CHECK(failure.refusal->for_client == for_client);
}

TEST_CASE("the rows of a refused statement run alone, but for a single one, lists, pings and lost time") {
  const auto batch_of = [](const Command& command, std::size_t size) {
    Batch batch;
    for (std::size_t i = 0; i < size; ++i) batch.commands.push_back({command, nullptr});
    return batch;
  };
  CHECK(worth_running_alone(batch_of(create_item(), 2), error_of("23505")));
  CHECK(worth_running_alone(batch_of(change_item(1), 2), error_of("40P01")));
  CHECK(worth_running_alone(batch_of(remove_item(1), 2), error_of("55P03")));
  CHECK(worth_running_alone(batch_of(read_item(1), 2), error_of("XX000")));
  CHECK_FALSE(worth_running_alone(batch_of(create_item(), 1), error_of("23505")));
  CHECK_FALSE(worth_running_alone(batch_of(list_items(), 2), error_of("42P01")));
  CHECK_FALSE(worth_running_alone(batch_of(Command{}, 2), error_of("08006")));
  CHECK_FALSE(worth_running_alone(batch_of(create_item(), 2), error_of("57014")));
}
