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

TEST_CASE("what a refused transaction is split into depends on who can be at fault") {
  struct Row {
    Command command;
    std::size_t commands, batches;
    std::string_view sqlstate;
    Again expected;
  };
  const auto row = GENERATE(values<Row>({
      {create_item(), 8, 1, "23505", Again::halves},  // one row of them
      {create_item(), 8, 3, "23505", Again::apart},   // or of another kind
      {create_item(), 1, 3, "23505", Again::apart},
      {create_item(), 1, 1, "23505", Again::no},
      {create_item(), 8, 1, "42501", Again::halves},  // row-level security
      {create_item(), 8, 2, "42501", Again::apart},
      {change_item(1), 8, 3, "40P01", Again::whole},  // nobody's fault
      {change_item(1), 1, 1, "40001", Again::whole},
      {create_item(), 8, 1, "42601", Again::no},  // no row's fault
      {create_item(), 8, 1, "08006", Again::no},
      {create_item(), 8, 3, "53300", Again::no},
      {create_item(), 8, 3, "57014", Again::no},      // no time is left
      {create_item(), 8, 1, "42703", Again::no},      // the table was changed
      {create_item(), 8, 2, "42703", Again::apart},   // or the other one
      {change_item(1), 8, 1, "55P03", Again::alone},  // one of the rows is locked
      {change_item(1), 1, 1, "55P03", Again::alone},
      {read_item(1), 8, 1, "55P03", Again::whole},  // the table is, and the writes' patience is short
      {read_item(1), 8, 1, "XX000", Again::halves},
      {list_items(), 2, 1, "42P01", Again::no},
      {Command{}, 2, 1, "22012", Again::no},
  }));
  INFO(row.sqlstate << ", " << row.commands << " commands, " << row.batches << " batches");
  Batch batch;
  batch.of = row.batches;
  for (std::size_t i = 0; i < row.commands; ++i) {
    batch.commands.emplace_back();
    batch.commands.back().command = row.command;
  }
  CHECK(again_after(batch, error_of(row.sqlstate)) == row.expected);
}

TEST_CASE("a transaction is tried as a whole once more, not for ever, and a lock is waited for alone once") {
  Batch batch;
  batch.commands.emplace_back();
  batch.commands.back().command = change_item(1);
  batch.commands.back().rolled_back = true;
  CHECK(again_after(batch, error_of("40P01")) == Again::no);
  batch.of = 2;
  CHECK(again_after(batch, error_of("40P01")) == Again::apart);
  batch.of = 1;
  batch.commands.front().waits_for_lock = true;
  CHECK(again_after(batch, error_of("55P03")) == Again::no);
  batch.commands.front().command = read_item(1);
  batch.commands.emplace_back().command = read_item(2);
  CHECK(again_after(batch, error_of("55P03")) == Again::no);
}
