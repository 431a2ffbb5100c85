#include <algorithm>
#include <catch2/catch.hpp>

#include "helpers/item_commands.hpp"
#include "helpers/model_client.hpp"
#include "helpers/row_statements.hpp"
#include "schema/element.hpp"

using namespace troupe;
using namespace troupe::tests;
using namespace std::chrono_literals;

namespace {

struct FaultsFixture : ModelFixture {
  explicit FaultsFixture(std::uint64_t seed = 1, const world::ModelSettings& settings = quick())
      : ModelFixture(seed, settings) {
    world::TableRules rules;
    rules.identity = true;
    rules.defaults = {{"in_stock", boolean(true)}};
    REQUIRE(server.add_table(shared_items(), rules).has_value());
  }
  std::size_t rows() const { return server.rows(shared_items()->resource.table).size(); }
};

SentStatement create(const std::string& name, int count = 1) {
  const SentValues row{{"name", name}, {"price", real(1)}};
  return statement_of({create_rows(shared_items(), std::vector(static_cast<std::size_t>(count), row))});
}

SentStatement rename_first() {
  return statement_of(
      {set_row(actors::CommandKind::change, shared_items(), {integer(1)}, {{"name", "table"}})});
}

SentStatement ping() {
  return plain(postgres::ping_statement());
}

}  // namespace

TEST_CASE("a modelled crash keeps what was answered, and a beginning of what was being flushed") {
  std::vector<bool> kept(5);
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    FaultsFixture fixture(seed);
    fixture.ask(fixture.client(), create("answered"));
    fixture.server.set_disk(50ms, 50ms);
    std::vector<ModelClient*> writers;
    for (int i = 0; i < 5; ++i) writers.push_back(&fixture.client());
    writers[0]->send(create("flushing"));
    fixture.run_for(10ms);
    for (int i = 1; i < 4; ++i) {
      writers[static_cast<std::size_t>(i)]->send(create("next " + std::to_string(i)));
      fixture.run_for(3ms);
    }
    fixture.run_for(50ms);  // the first is durable, the next three share a flush
    writers[4]->send(create("not flushed"));
    fixture.run_for(10ms);
    fixture.server.crash();
    fixture.run_for(10ms);
    CHECK_FALSE(fixture.server.up());
    CHECK(fixture.server.connections() == 0);
    CHECK(fixture.server.transactions_open() == 0);
    CHECK(fixture.server.locks_held() == 0);
    const auto& history = fixture.server.history();
    REQUIRE(history.size() >= 2);
    REQUIRE(history.size() <= 5);
    CHECK(history.size() == fixture.rows());
    for (std::size_t i = 2; i < history.size(); ++i)
      CHECK(history[i].after->at(1) == "next " + std::to_string(i - 1));
    kept[history.size() - 2] = true;
    for (const auto* writer : writers) CHECK(writer->lost);
    CHECK(writers[4]->done.empty());
  }
  CHECK(kept == std::vector{true, true, true, true, false});
}

TEST_CASE_METHOD(FaultsFixture, "a modelled server is refused while it is down, and while it recovers") {
  ask(client(), create("kept"));
  server.restart(100ms);
  run_for(10ms);
  auto& early = client(false);
  run_for(50ms);
  REQUIRE(early.lost);
  CHECK(early.lost->message.find("refused") != std::string::npos);
  run_for(60ms);
  auto& recovering = client(false);
  run_for(30ms);
  REQUIRE(recovering.lost);
  CHECK(recovering.lost->message == "FATAL: the database system is starting up");
  run_for(1s);
  CHECK(server.up());
  auto& after = client();
  ask(after, statement_of({read_row(shared_items(), {integer(1)})}));
  CHECK(after.rows().count() == 1);
}

TEST_CASE_METHOD(FaultsFixture, "a modelled server takes no more clients than it may") {
  server.set_max_connections(2);
  auto& first = client();
  client();
  auto& third = client(false);
  run_for(50ms);
  REQUIRE(third.lost);
  CHECK(third.lost->message == "FATAL: sorry, too many clients already");
  first.close();
  run_for(10ms);
  CHECK(server.connections() == 1);
  client();
  server.refuse_connections(true);
  auto& refused = client(false);
  run_for(50ms);
  CHECK(refused.lost);
}

TEST_CASE_METHOD(FaultsFixture, "an owner that waits gets no modelled session") {
  caf::scoped_actor self(runtime.system());
  const auto session = server.sessions()({runtime.workers()[0], caf::actor_cast<caf::actor>(self), 1, true});
  REQUIRE(session.has_error());
  CHECK(session.error().message == "virtual time cannot block: take --execution async");
}

TEST_CASE_METHOD(FaultsFixture, "a modelled silence answers and accepts nothing, and breaks nothing") {
  auto& one = client();
  server.silence(1s);
  one.send(ping());
  auto& late = client(false);
  run_for(900ms);
  CHECK(one.done.empty());
  CHECK_FALSE(one.lost);
  CHECK_FALSE(late.is_open());
  run_for(200ms);
  CHECK(one.done.size() == 1);
  CHECK(late.is_open());
}

TEST_CASE_METHOD(FaultsFixture, "a modelled answer that is delayed was carried out before") {
  auto& one = client();
  server.delay_answers(1s);
  one.send(create("chair"));
  run_for(900ms);
  CHECK(one.done.empty());
  CHECK(rows() == 1);
  run_for(200ms);
  CHECK(one.done.size() == 1);
}

TEST_CASE("a modelled connection is cut behind any of the answers on their way") {
  std::vector<bool> arrived(4);
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    FaultsFixture fixture(seed);
    auto& one = fixture.client();
    fixture.server.delay_answers(100ms);
    for (std::uint64_t i = 0; i < 3; ++i) one.send(create("chair"), i);
    fixture.run_for(50ms);
    fixture.server.cut_connection(0);
    fixture.run_for(100ms);
    REQUIRE(one.lost);
    CHECK(fixture.rows() == 3);
    REQUIRE(one.done.size() <= 3);
    for (std::size_t i = 0; i < one.done.size(); ++i) CHECK(one.done[i].tag == i);
    arrived[one.done.size()] = true;
    CHECK(fixture.server.connections() == 0);
  }
  CHECK(arrived[0]);
  CHECK(arrived[1]);
  CHECK(arrived[2]);
}

TEST_CASE_METHOD(FaultsFixture, "what runs on a modelled connection that is cut goes on to its commit") {
  server.set_disk(50ms, 50ms);
  auto& one = client();
  one.send(create("chair"));
  run_for(10ms);
  server.cut_connection(0);
  run_for(10ms);
  CHECK(one.lost);
  CHECK(server.connections() == 1);
  run_for(100ms);
  CHECK(rows() == 1);
  CHECK(one.done.empty());
  CHECK(server.connections() == 0);
}

TEST_CASE("a modelled connection that is terminated ends its statement, but not a commit") {
  auto settings = ModelFixture::quick();
  settings.pauses = 1;
  settings.row_pause = {20ms, 20ms};
  settings.disk = {50ms, 50ms};
  FaultsFixture fixture(1, settings);
  auto& one = fixture.client();
  one.send(create("chair", 3));
  fixture.run_for(30ms);
  CHECK(fixture.server.locks_held() > 0);
  fixture.server.terminate_connection(0);
  fixture.run_for(200ms);
  REQUIRE(one.lost);
  CHECK(one.lost->message == "terminating connection due to administrator command");
  CHECK(fixture.rows() == 0);
  CHECK(fixture.server.transactions_open() == 0);

  auto& two = fixture.client();
  two.send(create("chair"));
  fixture.run_for(60ms);  // a pause after the row and one before the commit
  CHECK(fixture.server.transactions_open() == 1);
  fixture.server.terminate_connection(0);
  fixture.run_for(200ms);
  CHECK(two.lost);
  CHECK(fixture.rows() == 1);
  CHECK(fixture.server.connections() == 0);
}

TEST_CASE_METHOD(FaultsFixture, "a modelled statement that waits can be canceled, a commit cannot") {
  ask(client(), create("chair"));
  server.set_disk(1s, 1s);
  auto& holder = client();
  auto& waiting = client();
  holder.send(rename_first());
  run_for(10ms);
  waiting.send(rename_first());
  run_for(10ms);
  CHECK_FALSE(server.cancel_statement(1));
  CHECK(server.cancel_statement(2));
  CHECK_FALSE(server.cancel_statement(3));
  run_for(10ms);
  CHECK(waiting.sqlstate() == "57014");
  run_for(1s);
  CHECK(holder.rows().count() == 1);
}

TEST_CASE_METHOD(FaultsFixture, "a modelled disk that is stalled ends no flush") {
  auto& one = client();
  server.stall_disk(1s);
  one.send(create("chair"));
  run_for(900ms);
  CHECK(rows() == 0);
  run_for(200ms);
  CHECK(rows() == 1);
  CHECK(one.done.size() == 1);
}

TEST_CASE("a modelled flush that leaves something says when to go on") {
  auto settings = ModelFixture::quick();
  settings.short_flushes = 0.7;
  FaultsFixture fixture(3, settings);
  auto& one = fixture.client();
  for (std::uint64_t i = 0; i < 30; ++i) one.send(ping(), i);
  fixture.run_for(1s);
  REQUIRE(one.done.size() == 30);
  for (std::uint64_t i = 0; i < 30; ++i) CHECK(one.done[i].tag == i);
}

TEST_CASE("a modelled answer in pieces is told of with each of them, and is there with its last byte") {
  auto settings = ModelFixture::quick();
  settings.splits = 1;
  settings.network = {1ms, 20ms};
  std::size_t most = 0;
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    FaultsFixture fixture(seed, settings);
    auto& one = fixture.client();
    const auto before = one.times_told;
    fixture.ask(one, ping());
    const auto told = one.times_told - before;
    most = std::max(most, told);
    fixture.run_for(1s);
    CHECK(one.times_told - before == told);
  }
  CHECK(most == 3);
}

TEST_CASE("what a client lets go of after it was sent is carried out, and its connection ends") {
  FaultsFixture fixture;
  auto& one = fixture.client();
  one.send(create("chair"));
  one.close();
  fixture.run_for(50ms);
  CHECK(fixture.rows() == 1);
  CHECK(fixture.server.connections() == 0);
}

TEST_CASE("the same seed makes the same modelled history") {
  const auto history = [](std::uint64_t seed) {
    FaultsFixture fixture(seed, {});
    std::vector<ModelClient*> writers;
    for (int i = 0; i < 5; ++i) writers.push_back(&fixture.client());
    for (int round = 0; round < 20; ++round) {
      for (auto* writer : writers) {
        writer->send(create("chair", 3));
        writer->send(rename_first());
      }
      fixture.run_for(2ms);
    }
    fixture.run_for(20s);
    std::string text;
    for (const auto& commit : fixture.server.history())
      text += std::to_string(commit.at.time_since_epoch().count()) + " " + commit.key + "\n";
    return text;
  };
  CHECK(history(1) == history(1));
  CHECK(history(1) != history(2));
}
