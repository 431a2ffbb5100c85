#include <poll.h>
#include <spdlog/spdlog.h>

#include <catch2/catch.hpp>
#include <thread>

#include "helpers/shared_cluster.hpp"
#include "postgres/wire/blocking_session.hpp"
#include "postgres/wire/pipeline.hpp"
#include "postgres/wire/refusal.hpp"

using namespace troupe;
using namespace troupe::postgres;
using namespace std::chrono_literals;

namespace {

constexpr auto patience = 30s;

Pipeline open_pipeline(const std::string& conninfo) {
  auto connection = Connection::start(conninfo).value();
  while (true) {
    const auto waits = connection.poll().value();
    if (waits == Connection::Waits::nothing) return Pipeline(std::move(connection));
    pollfd waited{connection.socket(),
                  static_cast<short>(waits == Connection::Waits::readable ? POLLIN : POLLOUT), 0};
    poll(&waited, 1, 30'000);
  }
}

/// Works the pipeline as its owner would, until nothing is in flight or the connection is lost.
struct Collected {
  std::vector<Completion> done;
  Result<void> end;
};
Collected collect(Pipeline& pipeline) {
  Collected collected;
  const auto deadline = std::chrono::steady_clock::now() + patience;
  while (pipeline.in_flight() > 0) {
    REQUIRE(std::chrono::steady_clock::now() < deadline);
    const auto more = pipeline.flush();
    if (!more) {
      collected.end = more.error();
      return collected;
    }
    pollfd waited{pipeline.socket(), static_cast<short>(*more ? POLLIN | POLLOUT : POLLIN), 0};
    poll(&waited, 1, 1'000);
    if (auto received = pipeline.receive(collected.done); !received) {
      collected.end = received;
      return collected;
    }
  }
  return collected;
}

BlockingSession session_on(const std::string& conninfo) {
  return BlockingSession::open(conninfo, patience).value();
}

Rows run(BlockingSession& session, const std::string& sql) {
  auto outcome = session.run(sql).value();
  if (const auto* error = std::get_if<StatementError>(&outcome)) FAIL(error->message);
  return std::move(std::get<Rows>(outcome));
}

const StatementError& error_of(const Completion& completion) {
  return std::get<StatementError>(completion.outcome);
}
const Rows& rows_of(const Completion& completion) {
  return std::get<Rows>(completion.outcome);
}

const Statement divide{"divide", "SELECT 100 / $1"};

Params number(std::int64_t value) {
  Params params;
  params.add_int8(value);
  return params;
}

}  // namespace

TEST_CASE("pipelined statements come back in order, and a failing one fails alone") {
  auto pipeline = open_pipeline(tests::shared_cluster().conninfo());
  const std::vector<std::int64_t> divisors = {0, 1, 2, 0, 5, 10};
  for (std::size_t i = 0; i < divisors.size(); ++i) pipeline.send(divide, number(divisors[i]), i).value();
  CHECK(pipeline.in_flight() == divisors.size());
  const auto [done, end] = collect(pipeline);
  REQUIRE(end.has_value());
  REQUIRE(done.size() == divisors.size());
  for (std::size_t i = 0; i < done.size(); ++i) {
    CHECK(done[i].tag == i);
    if (divisors[i] == 0) {
      CHECK(error_of(done[i]).sqlstate == "22012");
    } else {
      CHECK(rows_of(done[i]).int8(0, 0) == 100 / divisors[i]);
    }
  }
}

TEST_CASE("each statement is a transaction of its own") {
  const auto database = tests::fresh_database();
  auto session = session_on(database);
  run(session, "CREATE TABLE kept (n int8 CHECK (n > 0))");
  auto pipeline = open_pipeline(database);
  for (const std::int64_t n : {1, -1, 2})
    pipeline.send({"insert", "INSERT INTO kept VALUES ($1)"}, number(n), 0).value();
  const auto collected = collect(pipeline);
  CHECK(rows_of(collected.done[0]).count() == 0);
  CHECK(error_of(collected.done[1]).sqlstate == "23514");
  CHECK(run(session, "SELECT count(*) FROM kept").int8(0, 0) == 2);
}

TEST_CASE("statements that go on are one transaction with the next one") {
  const auto database = tests::fresh_database();
  auto session = session_on(database);
  run(session, "CREATE TABLE kept (n int8 CHECK (n > 0), UNIQUE (n) DEFERRABLE INITIALLY DEFERRED)");
  auto pipeline = open_pipeline(database);
  const Statement insert{"insert", "INSERT INTO kept VALUES ($1) RETURNING n"};
  const Statement other{"other", "SELECT $1 + 1"};
  const auto send_two = [&](std::int64_t first, std::int64_t second) {
    pipeline.send(insert, number(first), 1, Then::go_on).value();
    pipeline.send(insert, number(second), 2).value();
  };
  send_two(1, 2);
  send_two(3, -1);  // the second is refused
  pipeline.send(insert, number(-1), 1, Then::go_on).value();
  pipeline.send(other, number(1), 2).value();  // the first is, and the second not even prepared
  send_two(4, 4);                              // the commit is
  send_two(5, 6);
  const auto collected = collect(pipeline);
  REQUIRE(collected.end.has_value());
  const std::vector<std::string> states{"", "23514", "23514", "23505", ""};
  REQUIRE(collected.done.size() == 2 * states.size());
  for (std::size_t i = 0; i < collected.done.size(); ++i) {
    CAPTURE(i);
    CHECK(collected.done[i].tag == i % 2 + 1);
    if (states[i / 2].empty()) {
      CHECK(rows_of(collected.done[i]).count() == 1);
    } else {
      CHECK(error_of(collected.done[i]).sqlstate == states[i / 2]);
    }
  }
  CHECK(run(session, "SELECT count(*) FROM kept WHERE n IN (1, 2, 5, 6)").int8(0, 0) == 4);
  CHECK(run(session, "SELECT count(*) FROM kept").int8(0, 0) == 4);
  pipeline.send(other, number(1), 3).value();  // it is prepared now
  CHECK(rows_of(collect(pipeline).done[0]).int8(0, 0) == 2);
}

TEST_CASE("what was not prepared behind a refused statement is told to try again, and works the next time") {
  auto pipeline = open_pipeline(tests::shared_cluster().conninfo());
  const Statement other{"other", "SELECT $1 + 1"};
  pipeline.send(divide, number(0), 1, Then::go_on).value();
  pipeline.send(other, number(1), 2).value();
  pipeline.send(other, number(1), 3).value();  // before anything has come back
  const auto collected = collect(pipeline);
  REQUIRE(collected.done.size() == 3);
  CHECK(error_of(collected.done[1]).sqlstate == "22012");
  CHECK(error_of(collected.done[2]).sqlstate == "40001");
  pipeline.send(other, number(1), 4).value();
  CHECK(rows_of(collect(pipeline).done[0]).int8(0, 0) == 2);
}

TEST_CASE("an error at the commit replaces the rows that came before it") {
  const auto database = tests::fresh_database();
  auto session = session_on(database);
  run(session, "CREATE TABLE once (n int8, UNIQUE (n) DEFERRABLE INITIALLY DEFERRED)");
  run(session, "INSERT INTO once VALUES (1)");
  auto pipeline = open_pipeline(database);
  const Statement insert{"insert", "INSERT INTO once VALUES ($1) RETURNING n"};
  pipeline.send(insert, number(1), 1).value();
  pipeline.send(insert, number(2), 2).value();
  const auto [done, end] = collect(pipeline);
  REQUIRE(end.has_value());
  REQUIRE(done.size() == 2);
  CHECK(error_of(done[0]).sqlstate == "23505");
  CHECK(rows_of(done[1]).int8(0, 0) == 2);
}

TEST_CASE("a refusal names the column, the constraint, the table and the values, as far as it has them") {
  struct Row {
    std::string sql;
    StatementError expected;
  };
  const auto conninfo = tests::fresh_database();
  auto session = session_on(conninfo);
  run(session, "CREATE TABLE place (id int PRIMARY KEY, name text NOT NULL, size int CHECK (size > 0))");
  run(session, "INSERT INTO place VALUES (1, 'here', 1)");
  const auto row = GENERATE(values<Row>({
      {"INSERT INTO place VALUES (1, 'there', 1)",
       {"23505", "duplicate key value violates unique constraint \"place_pkey\"",
        "Key (id)=(1) already exists", "place", "", "place_pkey"}},
      {"INSERT INTO place VALUES (2, NULL, 1)",
       {"23502", "null value in column \"name\" of relation \"place\" violates not-null constraint",
        "Failing row contains (2, null, 1)", "place", "name", ""}},
      {"INSERT INTO place VALUES (2, 'there', 0)",
       {"23514", "new row for relation \"place\" violates check constraint \"place_size_check\"",
        "Failing row contains (2, there, 0)", "place", "", "place_size_check"}},
      {"DO $$BEGIN RAISE 'two\nlines'; END$$", {"P0001", "two lines", "", "", "", ""}},
  }));
  const auto outcome = session.run(row.sql).value();
  const auto& error = std::get<StatementError>(outcome);
  CHECK(error.sqlstate == row.expected.sqlstate);
  CHECK(error.message == row.expected.message);
  CHECK(error.detail == row.expected.detail);
  CHECK(error.table == row.expected.table);
  CHECK(error.column == row.expected.column);
  CHECK(error.constraint == row.expected.constraint);
}

TEST_CASE("a statement whose result got other types while it was prepared tells of a changed schema") {
  const auto conninfo = tests::fresh_database();
  auto session = session_on(conninfo);
  run(session, "CREATE TABLE place (id int)");
  Pipeline pipeline = open_pipeline(conninfo);
  const Statement all{"all", "SELECT * FROM place"};
  pipeline.send(all, {}, 1).value();
  const auto before = collect(pipeline);
  CHECK(rows_of(before.done.at(0)).count() == 0);
  run(session, "ALTER TABLE place ALTER id TYPE text");
  pipeline.send(all, {}, 2).value();
  const auto after = collect(pipeline);
  CHECK(kind_of(error_of(after.done.at(0))) == RefusalKind::schema_changed);
}

TEST_CASE("a statement that cannot be prepared fails with that error every time, and works once it can") {
  const auto database = tests::fresh_database();
  auto session = session_on(database);
  auto pipeline = open_pipeline(database);
  const Statement select{"late", "SELECT n FROM late WHERE n = $1"};
  for (std::uint64_t tag = 0; tag < 3; ++tag) pipeline.send(select, number(7), tag).value();
  const auto failed = collect(pipeline);
  REQUIRE(failed.end.has_value());
  REQUIRE(failed.done.size() == 3);
  for (const Completion& completion : failed.done) CHECK(error_of(completion).sqlstate == "42P01");

  run(session, "CREATE TABLE late AS SELECT 7::int8 AS n");
  for (std::uint64_t tag = 0; tag < 3; ++tag) pipeline.send(select, number(7), tag).value();
  const auto worked = collect(pipeline);
  for (const Completion& completion : worked.done) CHECK(rows_of(completion).int8(0, 0) == 7);
}

TEST_CASE("a statement whose first execution fails stays prepared") {
  auto pipeline = open_pipeline(tests::shared_cluster().conninfo());
  pipeline.send(divide, number(0), 0).value();
  CHECK(error_of(collect(pipeline).done.at(0)).sqlstate == "22012");
  pipeline.send(divide, number(4), 1).value();
  CHECK(rows_of(collect(pipeline).done.at(0)).int8(0, 0) ==
        25);  // and not 42P05, duplicate prepared statement
}

TEST_CASE("a statement that somebody deallocated is prepared again after one failure") {
  auto pipeline = open_pipeline(tests::shared_cluster().conninfo());
  pipeline.send(divide, number(4), 0).value();
  pipeline.send({"forget", "DEALLOCATE ALL"}, {}, 1).value();
  pipeline.send(divide, number(4), 2).value();
  CHECK(error_of(collect(pipeline).done.at(2)).sqlstate == "26000");
  pipeline.send(divide, number(4), 3).value();
  CHECK(rows_of(collect(pipeline).done.at(0)).int8(0, 0) == 25);
}

TEST_CASE("a session keeps the statements used last, and forgets the others") {
  auto pipeline = open_pipeline(tests::shared_cluster().conninfo());
  constexpr int statements = 300;
  for (int i = 0; i < statements; ++i) {
    const auto sql = "SELECT " + std::to_string(i) + "::int8";
    pipeline.send({sql, sql}, {}, static_cast<std::uint64_t>(i)).value();
    CHECK(rows_of(collect(pipeline).done.at(0)).int8(0, 0) == i);
  }
  pipeline.send({"count", "SELECT count(*) FROM pg_prepared_statements"}, {}, 0).value();
  const auto kept = rows_of(collect(pipeline).done.at(0)).int8(0, 0);
  CHECK(kept > 250);
  CHECK(kept <= 257);  // the one that counts is prepared, too
}

TEST_CASE("parameters and results of many megabytes in both directions do not block each other") {
  auto pipeline = open_pipeline(tests::shared_cluster().conninfo());
  const std::string big(4 << 20, 'x');
  Params params;
  params.add_text(big);
  constexpr int count = 8;
  for (int i = 0; i < count; ++i) pipeline.send({"echo", "SELECT $1 || $1"}, params, i).value();
  const auto [done, end] = collect(pipeline);
  REQUIRE(end.has_value());
  REQUIRE(done.size() == count);
  for (const Completion& completion : done) CHECK(rows_of(completion).text(0, 0).size() == 2 * big.size());
}

TEST_CASE("what came back before the backend was terminated counts, the rest is a lost connection") {
  auto pipeline = open_pipeline(tests::shared_cluster().conninfo());
  auto killer = session_on(tests::shared_cluster().conninfo());
  pipeline.send({"pid", "SELECT pg_backend_pid()::int8"}, {}, 1).value();
  const auto pid = rows_of(collect(pipeline).done.at(0)).int8(0, 0);
  pipeline.send(divide, number(1), 2).value();
  pipeline.send({"sleep", "SELECT pg_sleep(60)"}, {}, 3).value();
  pipeline.send(divide, number(1), 4).value();
  pipeline.flush().value();
  std::this_thread::sleep_for(100ms);
  run(killer, "SELECT pg_terminate_backend(" + std::to_string(pid) + ")");
  const auto [done, end] = collect(pipeline);
  REQUIRE(end.has_error());
  CHECK(end.error().code == ErrorCode::unavailable);
  CHECK(end.error().message.find('\n') == std::string::npos);
  REQUIRE(done.size() == 1);
  CHECK(done[0].tag == 2);
  CHECK(pipeline.in_flight() == 2);
}

TEST_CASE("an idle connection whose backend was terminated reports its loss") {
  auto pipeline = open_pipeline(tests::shared_cluster().conninfo());
  auto killer = session_on(tests::shared_cluster().conninfo());
  pipeline.send({"pid", "SELECT pg_backend_pid()::int8"}, {}, 1).value();
  const auto pid = rows_of(collect(pipeline).done.at(0)).int8(0, 0);
  run(killer, "SELECT pg_terminate_backend(" + std::to_string(pid) + ", 5000)");
  std::vector<Completion> done;
  Result<void> received;
  for (int attempt = 0; attempt < 10 && received; ++attempt) {
    pollfd waited{pipeline.socket(), POLLIN, 0};
    REQUIRE(poll(&waited, 1, 5'000) == 1);
    received = pipeline.receive(done);
  }
  REQUIRE(received.has_error());
  CHECK(received.error().code == ErrorCode::unavailable);
}

TEST_CASE("a connection is UTF-8 and carries our name unless the URL gives another") {
  const auto& conninfo = tests::shared_cluster().conninfo();
  auto ours = session_on(conninfo + " client_encoding=latin1");
  CHECK(run(ours, "SHOW client_encoding").text(0, 0) == "UTF8");
  CHECK(run(ours, "SHOW application_name").text(0, 0) == "troupe");
  auto theirs = session_on(conninfo + " application_name=other");
  CHECK(run(theirs, "SHOW application_name").text(0, 0) == "other");
}
