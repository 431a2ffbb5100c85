#include "actors/database/outage.hpp"

#include <catch2/catch.hpp>

#include "helpers/item_commands.hpp"

using namespace troupe;
using namespace troupe::actors;
using namespace troupe::tests;
using namespace std::chrono_literals;

namespace {

const TimePoint start{1h};

Pending received(Command command, TimePoint when) {
  Pending pending;
  pending.command = std::move(command);
  pending.received = when;
  return pending;
}

std::shared_ptr<std::atomic<std::size_t>> counter() {
  return std::make_shared<std::atomic<std::size_t>>();
}

}  // namespace

TEST_CASE("commands wait for a connection for so long, counted from when it was lost") {
  Outage outage(250ms, 1 << 20, counter());
  CommandQueue queue(100, true);
  queue.add(received(read_item(1), start - 10s));  // was in flight when it was lost
  outage.begin(start);
  queue.add(received(read_item(2), start + 100ms));
  CHECK(outage.take_expired(queue, start + 249ms).empty());
  CHECK(outage.take_expired(queue, start + 250ms).size() == 1);
  CHECK(outage.take_expired(queue, start + 349ms).empty());
  CHECK(outage.take_expired(queue, start + 350ms).size() == 1);
}

TEST_CASE("what all actors' waiting commands take is bounded, and given back") {
  const auto bytes = counter();
  Outage first(250ms, 10'000, bytes), second(250ms, 10'000, bytes);
  auto command = create_item(std::string(6'000, 'x'));
  CommandQueue queue(100, true);
  REQUIRE(first.admit(command));
  queue.add(received(command, start));
  CHECK_FALSE(second.admit(command));
  CHECK_FALSE(first.admit(command));
  SECTION("when they have waited long enough") {
    CHECK(first.take_expired(queue, start + 1s).size() == 1);
  }
  SECTION("when there is a connection again") {
    first.end();
  }
  CHECK(bytes->load() == 0);
  CHECK(second.admit(command));
}

TEST_CASE("no time to wait means that nobody waits") {
  Outage outage(0ms, 1 << 20, counter());
  CHECK_FALSE(outage.admit(read_item(1)));
}
