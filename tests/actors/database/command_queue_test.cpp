#include "actors/database/command_queue.hpp"

#include <catch2/catch.hpp>

using namespace troupe;
using namespace troupe::actors;

namespace {

TimePoint at(int ms) {
  return TimePoint(std::chrono::milliseconds(ms));
}

Pending pending(Command command, int deadline_ms = 1000) {
  head_of(command).deadline = at(deadline_ms);
  return {std::move(command), nullptr, {}, false};
}

ReadItem read(std::int64_t id) {
  return {{}, id};
}
UpdateItem update(std::int64_t id) {
  return {{}, id, {}};
}
CreateItem create(const char* name) {
  return {{}, {name, std::nullopt, 1.0, true}};
}

ListItems list(std::int64_t limit) {
  ListItems command;
  command.query.limit = limit;
  return command;
}

constexpr KindSet all_kinds = {true, true, true, true, true, true};

std::size_t drain(CommandQueue& queue) {
  std::size_t batches = 0;
  while (queue.take(all_kinds)) ++batches;
  return batches;
}

}  // namespace

TEST_CASE("commands of one kind share a statement, kinds do not") {
  CommandQueue queue(100);
  for (int id = 1; id <= 10; ++id) queue.add(pending(read(id)));
  queue.add(pending(create("a")));
  queue.add(pending(create("b")));
  CHECK(queue.size() == 12);
  auto first = queue.take(all_kinds);
  auto second = queue.take(all_kinds);
  REQUIRE(first);
  REQUIRE(second);
  CHECK(first->commands.size() + second->commands.size() == 12);
  CHECK(first->kind != second->kind);
  CHECK_FALSE(queue.take(all_kinds));
}

TEST_CASE("a batch never exceeds its limit, and a limit of one turns coalescing off") {
  const auto limit = GENERATE(std::size_t{1}, std::size_t{4}, std::size_t{7});
  CommandQueue queue(limit);
  for (int id = 1; id <= 20; ++id) queue.add(pending(read(id)));
  std::size_t total = 0;
  while (auto batch = queue.take(all_kinds)) {
    CHECK(batch->commands.size() <= limit);
    total += batch->commands.size();
  }
  CHECK(total == 20);
}

TEST_CASE("a repeated id of an update goes to the next statement, in order") {
  CommandQueue queue(100);
  for (auto id : {7, 8, 7, 9, 7}) queue.add(pending(update(id)));
  std::vector<std::vector<std::int64_t>> batches;
  while (auto batch = queue.take(all_kinds)) {
    batches.emplace_back();
    for (const auto& p : batch->commands) batches.back().push_back(std::get<UpdateItem>(p.command).id);
  }
  CHECK(batches == std::vector<std::vector<std::int64_t>>{{7, 8, 9}, {7}, {7}});
}

TEST_CASE("equal lists share one execution, different ones do not") {
  CommandQueue queue(100);
  for (auto limit : {10, 20, 10, 10}) queue.add(pending(list(limit)));
  auto first = queue.take(all_kinds);
  REQUIRE(first);
  CHECK(first->commands.size() == 3);
  CHECK(queue.take(all_kinds)->commands.size() == 1);
}

TEST_CASE("a list is sent after every single-row command that waits with it") {
  CommandQueue queue(100);
  queue.add(pending(list(10)));
  queue.add(pending(read(1)));
  queue.add(pending(create("a")));
  CHECK(queue.take(all_kinds)->kind != BatchKind::list);
  CHECK(queue.take(all_kinds)->kind != BatchKind::list);
  CHECK(queue.take(all_kinds)->kind == BatchKind::list);
}

TEST_CASE("no kind of command starves another one") {
  CommandQueue queue(1);
  for (int i = 0; i < 50; ++i) queue.add(pending(read(i)));
  queue.add(pending(create("late")));
  bool seen = false;
  for (int step = 0; step < 3; ++step) seen = seen || queue.take(all_kinds)->kind == BatchKind::create;
  CHECK(seen);
}

TEST_CASE("a command that is to run alone comes first and alone") {
  CommandQueue queue(100);
  queue.add(pending(create("a")));
  queue.add(pending(create("b")));
  queue.add_alone(pending(create("again")));
  auto batch = queue.take(all_kinds);
  REQUIRE(batch->commands.size() == 1);
  CHECK(std::get<CreateItem>(batch->commands.front().command).item.name == "again");
  CHECK(queue.take(all_kinds)->commands.size() == 2);
}

TEST_CASE("expired commands are taken out, the others stay in order") {
  CommandQueue queue(100);
  queue.add(pending(read(1), 10));
  queue.add(pending(read(2), 30));
  queue.add(pending(create("x"), 20));
  queue.add_alone(pending(create("y"), 5));
  CHECK(queue.take_expired(at(4)).empty());
  CHECK(queue.take_expired(at(20)).size() == 3);
  CHECK(queue.size() == 1);
  CHECK(std::get<ReadItem>(queue.take(all_kinds)->commands.front().command).id == 2);
  CHECK(drain(queue) == 0);
}

TEST_CASE("a kind that is not open waits and the others pass it") {
  CommandQueue queue(100);
  queue.add(pending(create("a")));
  queue.add(pending(list(10)));
  queue.add(pending(read(1)));
  auto open = all_kinds;
  open[static_cast<std::size_t>(BatchKind::create)] = false;
  CHECK(queue.take(open)->kind == BatchKind::read);
  CHECK(queue.take(open)->kind == BatchKind::list);
  CHECK_FALSE(queue.take(open));
  CHECK(queue.take(all_kinds)->kind == BatchKind::create);
}

TEST_CASE("a command that is to run alone waits while its kind is closed, and the others pass it") {
  CommandQueue queue(100);
  queue.add_alone(pending(create("again")));
  queue.add(pending(read(1)));
  auto open = all_kinds;
  open[static_cast<std::size_t>(BatchKind::create)] = false;
  CHECK(queue.take(open)->kind == BatchKind::read);
  CHECK_FALSE(queue.take(open));
  CHECK(queue.take(all_kinds)->kind == BatchKind::create);
}

TEST_CASE("a list is not passed for ever by a queue of single rows that never empties") {
  CommandQueue queue(1);
  queue.add(pending(list(10)));
  std::size_t passed = 0;
  for (;; ++passed) {
    REQUIRE(passed <= 64);
    queue.add(pending(read(1)));
    if (queue.take(all_kinds)->kind == BatchKind::list) break;
  }
  CHECK(passed == 64);
}
