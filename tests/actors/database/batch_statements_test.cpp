#include "actors/database/batch_statements.hpp"

#include <array>
#include <catch2/catch.hpp>

#include "support/time.hpp"

using namespace troupe::actors;
using troupe::TimePoint;
using namespace std::chrono_literals;

TEST_CASE("statement_timeout reaches to a batch's latest deadline, in whole tenths of the request timeout") {
  struct Row {
    std::vector<std::chrono::microseconds> left;  ///< until the deadline of each command
    std::chrono::milliseconds expected;
  };
  const auto row = GENERATE(values<Row>({
      {{1000ms}, 1000ms},
      {{901ms}, 1000ms},
      {{900'001us}, 1000ms},
      {{900ms}, 900ms},
      {{150ms, 310ms, 20ms}, 400ms},
      {{1us}, 100ms},
      {{0ms}, 100ms},
      {{-5s}, 100ms},
      {{70s}, 70'000ms},  // of a resource or query with a timeout of its own
  }));
  const TimePoint now{1h};
  Batch batch;
  for (const auto left : row.left) {
    Command command;
    command.head.deadline = now + left;
    batch.commands.emplace_back();
    batch.commands.back().command = command;
  }
  CHECK(statement_timeout_for(std::array{&batch}, now, 1000ms) == row.expected);
}

TEST_CASE("a statement's own limit is that of what it does, and no limit where none is set") {
  constexpr auto none = std::chrono::milliseconds::max();
  const auto [kind, limit] = GENERATE(table<CommandKind, std::chrono::milliseconds>({
      {CommandKind::read, 1ms},
      {CommandKind::create, 2ms},
      {CommandKind::change, 2ms},
      {CommandKind::replace, 2ms},
      {CommandKind::put, 2ms},
      {CommandKind::remove, 2ms},
      {CommandKind::write_call, 2ms},
      {CommandKind::list, 3ms},
      {CommandKind::call, 3ms},
  }));
  CHECK(StatementTimeouts{1ms, 2ms, 3ms}.of(kind) == limit);
  CHECK(StatementTimeouts{}.of(kind) == none);
}
