#include "actors/database/command_queue.hpp"

#include <catch2/catch.hpp>
#include <set>

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
  Pending made;
  made.command = std::move(command);
  return made;
}

bool all_lines(const Command&) {
  return true;
}

/// As if a create were in flight.
bool no_creates(const Command& first) {
  return first.kind != CommandKind::create;
}

/// The next statement of a queue whose transactions have one each.
std::optional<Batch> take(CommandQueue& queue, const MayGo& may_go = all_lines) {
  Transaction next;
  queue.take(may_go, 1, next);
  if (next.empty()) return std::nullopt;
  CHECK(next.size() == 1);
  return std::move(next.front());
}

Transaction take_transaction(CommandQueue& queue, std::size_t most = 16) {
  Transaction next;
  queue.take(all_lines, most, next);
  return next;
}

std::vector<CommandKind> kinds_of(const Transaction& transaction) {
  std::vector<CommandKind> kinds;
  for (const auto& batch : transaction) kinds.push_back(batch.kind());
  return kinds;
}

Batch apart(Command command, int deadline_ms = 1000) {
  Batch batch;
  batch.commands.push_back(pending(std::move(command), deadline_ms));
  return batch;
}

std::size_t drain(CommandQueue& queue) {
  std::size_t batches = 0;
  while (take(queue)) ++batches;
  return batches;
}

}  // namespace

TEST_CASE("commands of one kind share a statement, kinds do not") {
  CommandQueue queue(100, false);
  for (int id = 1; id <= 10; ++id) queue.add(pending(read_item(id)));
  queue.add(pending(create_item("a")));
  queue.add(pending(create_item("b")));
  CHECK(queue.size() == 12);
  auto first = take(queue);
  auto second = take(queue);
  REQUIRE(first);
  REQUIRE(second);
  CHECK(first->commands.size() + second->commands.size() == 12);
  CHECK(first->kind() != second->kind());
  CHECK_FALSE(take(queue));
}

TEST_CASE("a batch never exceeds its limit, and a limit of one turns coalescing off") {
  const auto limit = GENERATE(std::size_t{1}, std::size_t{4}, std::size_t{7});
  CommandQueue queue(limit, false);
  for (int id = 1; id <= 20; ++id) queue.add(pending(read_item(id)));
  std::size_t total = 0;
  while (auto batch = take(queue)) {
    CHECK(batch->commands.size() <= limit);
    total += batch->commands.size();
  }
  CHECK(total == 20);
}

TEST_CASE("a repeated id of an update goes to the next statement, in order") {
  CommandQueue queue(100, false);
  for (auto id : {7, 8, 7, 9, 7}) queue.add(pending(change_item(id)));
  std::vector<std::vector<std::int64_t>> batches;
  while (auto batch = take(queue)) {
    batches.emplace_back();
    for (const auto& p : batch->commands) batches.back().push_back(id_in(p.command));
  }
  CHECK(batches == std::vector<std::vector<std::int64_t>>{{7, 8, 9}, {7}, {7}});
}

TEST_CASE("equal lists share one execution, different ones do not") {
  CommandQueue queue(100, false);
  for (auto limit : {10, 20, 10, 10}) queue.add(pending(list_items(limit)));
  auto first = take(queue);
  REQUIRE(first);
  CHECK(first->commands.size() == 3);
  CHECK(take(queue)->commands.size() == 1);
}

TEST_CASE("a list is sent after every single-row command that waits with it") {
  CommandQueue queue(100, false);
  queue.add(pending(list_items(10)));
  queue.add(pending(read_item(1)));
  queue.add(pending(create_item("a")));
  CHECK(take(queue)->kind() != CommandKind::list);
  CHECK(take(queue)->kind() != CommandKind::list);
  CHECK(take(queue)->kind() == CommandKind::list);
}

TEST_CASE("no kind of command starves another one") {
  CommandQueue queue(1, false);
  for (int i = 0; i < 50; ++i) queue.add(pending(read_item(i)));
  queue.add(pending(create_item("late")));
  bool seen = false;
  for (int step = 0; step < 3; ++step) seen = seen || take(queue)->kind() == CommandKind::create;
  CHECK(seen);
}

TEST_CASE("a command that is to run alone comes first and alone") {
  CommandQueue queue(100, false);
  queue.add(pending(create_item("a")));
  queue.add(pending(create_item("b")));
  queue.add_apart(apart(create_item("again")));
  auto batch = take(queue);
  REQUIRE(batch->commands.size() == 1);
  CHECK(name_in(batch->first()) == "again");
  CHECK(take(queue)->commands.size() == 2);
}

TEST_CASE("expired commands are taken out, the others stay in order") {
  CommandQueue queue(100, false);
  queue.add(pending(read_item(1), 10));
  queue.add(pending(read_item(2), 30));
  queue.add(pending(create_item("x"), 20));
  queue.add_apart(apart(create_item("y"), 5));
  CHECK(queue.take_expired(at(4)).empty());
  CHECK(queue.take_expired(at(20)).size() == 3);
  CHECK(queue.size() == 1);
  CHECK(id_in(take(queue)->first()) == 2);
  CHECK(drain(queue) == 0);
}

TEST_CASE("a kind that is not open waits and the others pass it") {
  CommandQueue queue(100, false);
  queue.add(pending(create_item("a")));
  queue.add(pending(list_items(10)));
  queue.add(pending(read_item(1)));
  CHECK(take(queue, no_creates)->kind() == CommandKind::read);
  CHECK(take(queue, no_creates)->kind() == CommandKind::list);
  CHECK_FALSE(take(queue, no_creates));
  CHECK(take(queue)->kind() == CommandKind::create);
}

TEST_CASE("a command that is to run alone waits while its kind is closed, and the others pass it") {
  CommandQueue queue(100, false);
  queue.add_apart(apart(create_item("again")));
  queue.add(pending(read_item(1)));
  CHECK(take(queue, no_creates)->kind() == CommandKind::read);
  CHECK_FALSE(take(queue, no_creates));
  CHECK(take(queue)->kind() == CommandKind::create);
}

TEST_CASE("a list is not passed for ever by a queue of single rows that never empties") {
  CommandQueue queue(1, false);
  queue.add(pending(list_items(10)));
  std::size_t passed = 0;
  for (;; ++passed) {
    REQUIRE(passed <= 64);
    queue.add(pending(read_item(1)));
    if (take(queue)->kind() == CommandKind::list) break;
  }
  CHECK(passed == 64);
}

TEST_CASE("writes of all kinds that wait together are one transaction, and reads are not in it") {
  CommandQueue queue(100, true);
  queue.add(pending(create_item("a")));
  queue.add(pending(read_item(1)));
  queue.add(pending(remove_item(2)));
  queue.add(pending(change_item(3)));
  queue.add(pending(create_item("b")));
  CHECK(queue.sharing() == 4);
  const auto writes = take_transaction(queue);
  REQUIRE(writes.size() == 3);
  CHECK(writes.back().kind() == CommandKind::create);  // behind all that name a row
  CHECK(writes.back().commands.size() == 2);
  for (const auto& batch : writes) CHECK(batch.of == 3);
  CHECK(kinds_of(take_transaction(queue)) == std::vector{CommandKind::read});
  CHECK(queue.size() == 0);
  CHECK(queue.sharing() == 0);
}

TEST_CASE("single-row reads that wait together end with one Sync, up to what is allowed") {
  CommandQueue queue(1, false);
  for (int id = 1; id <= 20; ++id) queue.add(pending(read_item(id)));
  const auto reads = take_transaction(queue);
  REQUIRE(reads.size() == 16);
  for (std::size_t i = 0; i < reads.size(); ++i) {
    CHECK(reads[i].of == 16);
    CHECK(id_in(reads[i].first()) == static_cast<std::int64_t>(i) + 1);
  }
  CHECK(take_transaction(queue).size() == 4);
  CHECK(take_transaction(queue).empty());
}

TEST_CASE("reads leave half of the pipeline to others that wait, who come next") {
  CommandQueue queue(1, false);
  for (int id = 1; id <= 20; ++id) queue.add(pending(read_item(id)));
  queue.add(pending(create_item("a")));
  queue.add(pending(list_items(10)));
  CHECK(take_transaction(queue).size() == 8);
  CHECK(kinds_of(take_transaction(queue, 8)) == std::vector{CommandKind::create});
  CHECK(take_transaction(queue, 7).size() == 7);
}

TEST_CASE("reads gather while a statement of their line is under way, of one more than of many") {
  CommandQueue queue(4, true);
  for (int id = 1; id <= 10; ++id) queue.add(pending(read_item(id)));
  const auto reads = take_transaction(queue);
  REQUIRE(reads.size() == 1);  // the actor says when the next one may go
  CHECK(reads.front().commands.size() == 4);
  CHECK(reads.front().of == 1);
}

TEST_CASE("a row is written once in a transaction: its second version would have the same xmin") {
  CommandQueue queue(100, true);
  queue.add(pending(change_item(7, "first")));
  queue.add(pending(remove_item(7)));
  queue.add(pending(remove_item(8)));
  queue.add(pending(change_item(7, "second")));
  queue.add(pending(change_item(8)));
  std::vector<std::vector<std::int64_t>> seen;
  while (true) {
    const auto writes = take_transaction(queue);
    if (writes.empty()) break;
    seen.emplace_back();
    for (const auto& batch : writes) {
      for (const auto& each : batch.commands) seen.back().push_back(id_in(each.command));
    }
  }
  for (const auto& ids : seen) CHECK(std::set<std::int64_t>(ids.begin(), ids.end()).size() == ids.size());
  CHECK(seen.front().size() == 2);
  CHECK(seen.size() == 3);
}

TEST_CASE("what a refused transaction was split into is not put together again") {
  CommandQueue queue(100, true);
  queue.add(pending(create_item("a")));
  queue.add(pending(remove_item(2)));
  Batch half = apart(create_item("b"));
  half.commands.push_back(pending(create_item("c")));
  queue.add_apart(std::move(half));
  queue.add_apart(apart(create_item("d")));
  CHECK(take_transaction(queue).front().commands.size() == 2);
  CHECK(take_transaction(queue).size() == 1);
  CHECK(take_transaction(queue).size() == 2);
}
