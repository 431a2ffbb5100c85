#include "actors/database/batches_in_flight.hpp"

#include <catch2/catch.hpp>

#include "helpers/item_commands.hpp"

using namespace troupe;
using namespace troupe::actors;
using namespace troupe::tests;
using namespace std::chrono_literals;

namespace {

Batch batch_of(Command command, TimePoint sent = {}) {
  Batch batch;
  batch.commands.push_back({std::move(command), nullptr, {}});
  batch.sent = sent;
  return batch;
}

/// Lists are answered one after the other, each after so long.
void answer_lists(BatchesInFlight& in_flight, Duration each) {
  TimePoint now{};
  for (int i = 0; i < 100; ++i) {
    in_flight.add(batch_of(list_items(10), now));
    now += each;
    in_flight.take_oldest(now);
  }
}

/// How many lists of different rows find room together.
std::size_t lists_at_once(BatchesInFlight& in_flight) {
  while (in_flight.size() < 50) {
    auto next = list_items(100 + static_cast<int>(in_flight.size()));
    if (!in_flight.has_room_for(next)) break;
    in_flight.add(batch_of(std::move(next)));
  }
  return in_flight.size();
}

}  // namespace

TEST_CASE("one statement of each kind is in flight, so that the next one gathers") {
  BatchesInFlight in_flight;
  CHECK(in_flight.has_room_for(read_item(1)));
  in_flight.add(batch_of(read_item(1)));
  CHECK_FALSE(in_flight.has_room_for(read_item(2)));
  CHECK(in_flight.has_room_for(create_item()));
  in_flight.take_oldest({});
  CHECK(in_flight.has_room_for(read_item(2)));
}

TEST_CASE("of lists, as many are in flight as are answered in a millisecond") {
  struct Case {
    Duration each;
    std::size_t at_once;
  };
  const auto seen = GENERATE(values<Case>({{90us, 11}, {240us, 4}, {510us, 1}, {20ms, 1}}));
  BatchesInFlight in_flight;
  answer_lists(in_flight, seen.each);
  CHECK(lists_at_once(in_flight) == seen.at_once);
  in_flight.take_all();
  CHECK(lists_at_once(in_flight) == seen.at_once);
}

TEST_CASE("beside single rows lists go one at a time, until there have been none for a while") {
  BatchesInFlight in_flight;
  answer_lists(in_flight, 100us);
  in_flight.add(batch_of(read_item(1)));
  in_flight.take_oldest({});
  in_flight.add(batch_of(list_items(10)));
  CHECK_FALSE(in_flight.has_room_for(list_items(20)));
  in_flight.take_oldest({});
  answer_lists(in_flight, 100us);
  CHECK(lists_at_once(in_flight) == 10);
}

TEST_CASE("nobody knows yet how long a list takes: one at a time") {
  BatchesInFlight in_flight;
  CHECK(lists_at_once(in_flight) == 1);
}

TEST_CASE("a list that is in flight is not sent again beside itself") {
  BatchesInFlight in_flight;
  answer_lists(in_flight, 100us);
  in_flight.add(batch_of(list_items(10)));
  CHECK_FALSE(in_flight.has_room_for(list_items(10)));
  CHECK(in_flight.has_room_for(list_items(20)));
}

TEST_CASE("what a list waits for behind other statements is not its own time") {
  BatchesInFlight in_flight;
  for (int i = 0; i < 50; ++i) {
    const TimePoint sent{i * 100ms};
    in_flight.add(batch_of(Command{}, sent));  // a ping
    in_flight.add(batch_of(list_items(10), sent));
    in_flight.take_oldest(sent + 50ms);
    in_flight.take_oldest(sent + 50ms + 95us);
  }
  CHECK(lists_at_once(in_flight) == 10);
}
