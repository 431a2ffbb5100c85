#include "actors/database/command_queue.hpp"

#include <catch2/catch.hpp>

#include "helpers/item_commands.hpp"

using namespace troupe;
using namespace troupe::actors;
using namespace troupe::tests;

namespace {

TimePoint at(int ms) {
  return TimePoint(std::chrono::milliseconds(ms));
}

Pending pending(Command command, int deadline_ms = 1000) {
  command.head.deadline = at(deadline_ms);
  return {std::move(command), nullptr, {}, false};
}

bool all_lines(const Command&) {
  return true;
}

/// As if a create were in flight.
bool no_creates(const Command& first) {
  return first.kind != CommandKind::create;
}

std::size_t drain(CommandQueue& queue) {
  std::size_t batches = 0;
  while (queue.take(all_lines)) ++batches;
  return batches;
}

}  // namespace

TEST_CASE("commands of one kind share a statement, kinds do not") {
  CommandQueue queue(100);
  for (int id = 1; id <= 10; ++id) queue.add(pending(read_item(id)));
  queue.add(pending(create_item("a")));
  queue.add(pending(create_item("b")));
  CHECK(queue.size() == 12);
  auto first = queue.take(all_lines);
  auto second = queue.take(all_lines);
  REQUIRE(first);
  REQUIRE(second);
  CHECK(first->commands.size() + second->commands.size() == 12);
  CHECK(first->kind() != second->kind());
  CHECK_FALSE(queue.take(all_lines));
}

TEST_CASE("a batch never exceeds its limit, and a limit of one turns coalescing off") {
  const auto limit = GENERATE(std::size_t{1}, std::size_t{4}, std::size_t{7});
  CommandQueue queue(limit);
  for (int id = 1; id <= 20; ++id) queue.add(pending(read_item(id)));
  std::size_t total = 0;
  while (auto batch = queue.take(all_lines)) {
    CHECK(batch->commands.size() <= limit);
    total += batch->commands.size();
  }
  CHECK(total == 20);
}

TEST_CASE("a repeated id of an update goes to the next statement, in order") {
  CommandQueue queue(100);
  for (auto id : {7, 8, 7, 9, 7}) queue.add(pending(change_item(id)));
  std::vector<std::vector<std::int64_t>> batches;
  while (auto batch = queue.take(all_lines)) {
    batches.emplace_back();
    for (const auto& p : batch->commands) batches.back().push_back(id_in(p.command));
  }
  CHECK(batches == std::vector<std::vector<std::int64_t>>{{7, 8, 9}, {7}, {7}});
}

TEST_CASE("equal lists share one execution, different ones do not") {
  CommandQueue queue(100);
  for (auto limit : {10, 20, 10, 10}) queue.add(pending(list_items(limit)));
  auto first = queue.take(all_lines);
  REQUIRE(first);
  CHECK(first->commands.size() == 3);
  CHECK(queue.take(all_lines)->commands.size() == 1);
}

TEST_CASE("a list is sent after every single-row command that waits with it") {
  CommandQueue queue(100);
  queue.add(pending(list_items(10)));
  queue.add(pending(read_item(1)));
  queue.add(pending(create_item("a")));
  CHECK(queue.take(all_lines)->kind() != CommandKind::list);
  CHECK(queue.take(all_lines)->kind() != CommandKind::list);
  CHECK(queue.take(all_lines)->kind() == CommandKind::list);
}

TEST_CASE("no kind of command starves another one") {
  CommandQueue queue(1);
  for (int i = 0; i < 50; ++i) queue.add(pending(read_item(i)));
  queue.add(pending(create_item("late")));
  bool seen = false;
  for (int step = 0; step < 3; ++step) seen = seen || queue.take(all_lines)->kind() == CommandKind::create;
  CHECK(seen);
}

TEST_CASE("a command that is to run alone comes first and alone") {
  CommandQueue queue(100);
  queue.add(pending(create_item("a")));
  queue.add(pending(create_item("b")));
  queue.add_alone(pending(create_item("again")));
  auto batch = queue.take(all_lines);
  REQUIRE(batch->commands.size() == 1);
  CHECK(name_in(batch->first()) == "again");
  CHECK(queue.take(all_lines)->commands.size() == 2);
}

TEST_CASE("expired commands are taken out, the others stay in order") {
  CommandQueue queue(100);
  queue.add(pending(read_item(1), 10));
  queue.add(pending(read_item(2), 30));
  queue.add(pending(create_item("x"), 20));
  queue.add_alone(pending(create_item("y"), 5));
  CHECK(queue.take_expired(at(4)).empty());
  CHECK(queue.take_expired(at(20)).size() == 3);
  CHECK(queue.size() == 1);
  CHECK(id_in(queue.take(all_lines)->first()) == 2);
  CHECK(drain(queue) == 0);
}

TEST_CASE("a kind that is not open waits and the others pass it") {
  CommandQueue queue(100);
  queue.add(pending(create_item("a")));
  queue.add(pending(list_items(10)));
  queue.add(pending(read_item(1)));
  CHECK(queue.take(no_creates)->kind() == CommandKind::read);
  CHECK(queue.take(no_creates)->kind() == CommandKind::list);
  CHECK_FALSE(queue.take(no_creates));
  CHECK(queue.take(all_lines)->kind() == CommandKind::create);
}

TEST_CASE("a command that is to run alone waits while its kind is closed, and the others pass it") {
  CommandQueue queue(100);
  queue.add_alone(pending(create_item("again")));
  queue.add(pending(read_item(1)));
  CHECK(queue.take(no_creates)->kind() == CommandKind::read);
  CHECK_FALSE(queue.take(no_creates));
  CHECK(queue.take(all_lines)->kind() == CommandKind::create);
}

TEST_CASE("a list is not passed for ever by a queue of single rows that never empties") {
  CommandQueue queue(1);
  queue.add(pending(list_items(10)));
  std::size_t passed = 0;
  for (;; ++passed) {
    REQUIRE(passed <= 64);
    queue.add(pending(read_item(1)));
    if (queue.take(all_lines)->kind() == CommandKind::list) break;
  }
  CHECK(passed == 64);
}
