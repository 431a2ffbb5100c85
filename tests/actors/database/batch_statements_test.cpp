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
