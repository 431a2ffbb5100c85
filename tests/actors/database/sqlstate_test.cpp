#include "actors/database/sqlstate.hpp"

#include <catch2/catch.hpp>

using namespace troupe::actors;

TEST_CASE("an SQLSTATE says whether the values, the time, the server or the program was at fault") {
  struct Row {
    std::string_view sqlstate;
    Failure::Kind expected;
  };
  using Kind = Failure::Kind;
  const auto row = GENERATE(values<Row>({
      {"57014", Kind::deadline_passed},  // query_canceled: statement_timeout
      {"55P03", Kind::deadline_passed},  // lock_not_available: lock_timeout
      {"22003", Kind::rejected},         // numeric_value_out_of_range
      {"23505", Kind::rejected},         // unique_violation
      {"23514", Kind::rejected},         // check_violation
      {"08006", Kind::database_away},    // connection_failure
      {"40001", Kind::database_away},    // serialization_failure
      {"40P01", Kind::database_away},    // deadlock_detected
      {"53300", Kind::database_away},    // too_many_connections
      {"57P01", Kind::database_away},    // admin_shutdown
      {"25006", Kind::database_away},    // read_only_sql_transaction
      {"25P02", Kind::internal},         // in_failed_sql_transaction
      {"55000", Kind::internal},         // object_not_in_prerequisite_state
      {"42P01", Kind::internal},         // undefined_table
      {"42703", Kind::internal},         // undefined_column
      {"XX000", Kind::internal},         // internal_error
      {"", Kind::internal},
  }));
  INFO(row.sqlstate);
  const auto failure = failure_for(row.sqlstate);
  CHECK(failure.kind == row.expected);
  CHECK_FALSE(failure.outcome_unknown);  // PostgreSQL said no: nothing happened
}

TEST_CASE("the rows of a refused statement run alone, but for a single one, lists, pings and lost time") {
  const auto batch_of = [](const Command& command, std::size_t size) {
    Batch batch{kind_of(command), {}, {}};
    for (std::size_t i = 0; i < size; ++i) batch.commands.push_back({command, nullptr});
    return batch;
  };
  CHECK(worth_running_alone(batch_of(CreateItem{}, 2), "23505"));
  CHECK(worth_running_alone(batch_of(UpdateItem{}, 2), "40P01"));
  CHECK(worth_running_alone(batch_of(DeleteItem{}, 2), "55P03"));
  CHECK(worth_running_alone(batch_of(ReadItem{}, 2), "XX000"));
  CHECK_FALSE(worth_running_alone(batch_of(CreateItem{}, 1), "23505"));
  CHECK_FALSE(worth_running_alone(batch_of(ListItems{}, 2), "42P01"));
  CHECK_FALSE(worth_running_alone(batch_of(Ping{}, 2), "08006"));
  CHECK_FALSE(worth_running_alone(batch_of(CreateItem{}, 2), "57014"));
}
