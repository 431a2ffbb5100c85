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
  batch.commands.emplace_back();
  batch.commands.back().command = std::move(command);
  batch.sent = sent;
  return batch;
}

void come_back(BatchesInFlight& in_flight, TimePoint now) {
  in_flight.begin_answering(now);
  in_flight.answered();
}

/// Lists are answered one after the other, each after so long.
void answer_lists(BatchesInFlight& in_flight, Duration each) {
  TimePoint now{};
  for (int i = 0; i < 100; ++i) {
    in_flight.add(batch_of(list_items(10), now));
    now += each;
    come_back(in_flight, now);
  }
}

/// How many lists of different rows find room together.
std::size_t lists_at_once(BatchesInFlight& in_flight) {
  while (in_flight.size() < 50) {
    auto next = list_items(100 + static_cast<int>(in_flight.size()));
    if (!in_flight.has_room_for(next, {})) break;
    in_flight.add(batch_of(std::move(next)));
  }
  return in_flight.size();
}

}  // namespace

TEST_CASE("one statement of each kind is in flight, so that the next one gathers") {
  BatchesInFlight in_flight;
  CHECK(in_flight.has_room_for(read_item(1), {}));
  in_flight.add(batch_of(read_item(1)));
  CHECK_FALSE(in_flight.has_room_for(read_item(2), {}));
  CHECK(in_flight.has_room_for(create_item(), {}));
  come_back(in_flight, {});
  CHECK(in_flight.has_room_for(read_item(2), {}));
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
  come_back(in_flight, {});
  in_flight.add(batch_of(list_items(10)));
  CHECK_FALSE(in_flight.has_room_for(list_items(20), {}));
  come_back(in_flight, {});
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
  CHECK_FALSE(in_flight.has_room_for(list_items(10), {}));
  CHECK(in_flight.has_room_for(list_items(20), {}));
}

TEST_CASE("what a list waits for behind other statements is not its own time") {
  BatchesInFlight in_flight;
  for (int i = 0; i < 50; ++i) {
    const TimePoint sent{i * 100ms};
    in_flight.add(batch_of(Command{}, sent));  // a ping
    in_flight.add(batch_of(list_items(10), sent));
    come_back(in_flight, sent + 50ms);
    come_back(in_flight, sent + 50ms + 95us);
  }
  CHECK(lists_at_once(in_flight) == 10);
}

TEST_CASE("one transaction of writes is in flight, whatever their kinds, so that all others gather") {
  BatchesInFlight in_flight;
  in_flight.add(batch_of(create_item()));
  CHECK_FALSE(in_flight.has_room_for(remove_item(1), {}));
  CHECK_FALSE(in_flight.has_room_for(create_item(), {}));
  CHECK(in_flight.has_room_for(read_item(1), {}));
  come_back(in_flight, {});
  CHECK(in_flight.has_room_for(remove_item(1), {}));
}

TEST_CASE("what is being answered is not forgotten when that comes to a sudden end") {
  BatchesInFlight in_flight;
  in_flight.add(batch_of(create_item()));
  in_flight.add(batch_of(read_item(1)));
  in_flight.begin_answering({});
  CHECK(in_flight.size() == 1);
  const auto left = in_flight.take_all();
  REQUIRE(left.size() == 2);
  CHECK(left.front().kind() == CommandKind::create);
  CHECK(in_flight.take_all().empty());
}

TEST_CASE("a list that runs for longer than they used to take lets no other stand behind it") {
  BatchesInFlight in_flight;
  answer_lists(in_flight, 100us);
  in_flight.add(batch_of(list_items(10), TimePoint(1h)));
  CHECK(in_flight.has_room_for(list_items(20), TimePoint(1h) + 200us));
  CHECK_FALSE(in_flight.has_room_for(list_items(20), TimePoint(1h) + 50ms));
}
