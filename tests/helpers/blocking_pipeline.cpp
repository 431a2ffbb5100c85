#include "helpers/blocking_pipeline.hpp"

#include <poll.h>

#include <catch2/catch.hpp>
#include <utility>

namespace troupe::tests {

using namespace std::chrono_literals;

namespace {

constexpr auto longest_wait = 30s;

postgres::Pipeline open(const std::string& conninfo) {
  using Waits = postgres::Connection::Waits;
  auto connection = postgres::Connection::start(conninfo).value();
  while (true) {
    const auto waits = connection.poll().value();
    if (waits == Waits::nothing) return postgres::Pipeline(std::move(connection));
    const short events = waits == Waits::readable ? POLLIN : POLLOUT;
    pollfd waited{connection.socket(), events, 0};
    poll(&waited, 1, static_cast<int>(std::chrono::milliseconds(longest_wait).count()));
  }
}

}  // namespace

BlockingPipeline::BlockingPipeline(const std::string& conninfo) : pipeline_(open(conninfo)) {}

std::vector<BlockingPipeline::Outcome> BlockingPipeline::run(const std::vector<SentStatement>& all) {
  for (std::size_t i = 0; i < all.size(); ++i) {
    const auto then = i + 1 == all.size() ? postgres::Then::commit : postgres::Then::go_on;
    // Its text identifies a statement.
    const postgres::Statement statement{all[i].statement.sql, all[i].statement.sql};
    REQUIRE(pipeline_.send(statement, all[i].params, i, then).has_value());
  }
  std::vector<postgres::Completion> done;
  while (pipeline_.in_flight() > 0) {
    const auto left = pipeline_.flush();
    REQUIRE(left.has_value());
    REQUIRE(pipeline_.wait(longest_wait, *left) | *left);
    REQUIRE(pipeline_.receive(done).has_value());
  }
  REQUIRE(done.size() == all.size());
  std::vector<Outcome> outcomes;
  for (std::size_t i = 0; i < done.size(); ++i) {
    CHECK(done[i].tag == i);
    outcomes.push_back(std::move(done[i].outcome));
  }
  return outcomes;
}

}  // namespace troupe::tests
