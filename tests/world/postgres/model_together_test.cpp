#include <catch2/catch.hpp>
#include <set>

#include "helpers/model_client.hpp"
#include "helpers/row_statements.hpp"
#include "schema/element.hpp"
#include "world/tables/world_table.hpp"

using namespace troupe;
using namespace troupe::tests;
using namespace std::chrono_literals;
using actors::CommandKind;

namespace {

using Rows = std::map<std::string, std::string>;  // key and mark

/// Notes, of which no two have the same slot, and parts; notes a and b, which are marked "old".
struct TogetherFixture : ModelFixture {
  explicit TogetherFixture(const world::ModelSettings& settings = quick(), std::uint64_t seed = 1)
      : ModelFixture(seed, settings) {
    for (const auto& table : tables) REQUIRE(server.add_table(table.resource, table.rules).has_value());
    auto& maker = client();
    ask(maker, statement_of({create_rows(notes(), {{{"id", "a"}, {"mark", "old"}, {"slot", "s1"}},
                                                   {{"id", "b"}, {"mark", "old"}, {"slot", "s2"}}})}));
    maker.close();
    run_for(10ms);
    REQUIRE(server.connections() == 0);
  }
  ~TogetherFixture() {
    run_for(30s);
    CHECK(server.transactions_open() == 0);
    CHECK(server.locks_held() == 0);
  }

  const postgres::SharedResource& notes() const { return tables[0].resource; }
  const postgres::SharedResource& parts() const { return tables[1].resource; }
  Rows rows(std::size_t table = 0) const {
    Rows rows;
    for (const auto& [key, cells] : server.rows(tables[table].resource->resource.table))
      rows[key_text(tables[table], key)] = cells[1].value_or("null");
    return rows;
  }

  SentStatement lock(const std::vector<std::string>& keys) const {
    std::vector<SentKey> all;
    for (const auto& key : keys) all.push_back({key});
    return lock_of(notes(), all);
  }
  SentStatement set(CommandKind kind, const std::string& key, const SentValues& values,
                    const SentValue& versions = {}) const {
    return statement_of({set_row(kind, notes(), {key}, values, versions)});
  }
  SentStatement mark(const std::string& key, const std::string& as, const SentValue& versions = {}) const {
    return set(CommandKind::change, key, {{"mark", as}}, versions);
  }
  SentStatement create(const std::string& key, const std::string& as) const {
    return statement_of({create_rows(notes(), {{{"id", key}, {"mark", as}}})});
  }
  SentStatement create_part(std::int64_t id) const {
    return statement_of({create_rows(parts(), {{{"id", integer(id)}, {"mark", "new"}}})});
  }
  SentStatement remove(const std::string& key) const { return statement_of({remove_row(notes(), {key})}); }
  SentStatement read(const std::string& key) const { return statement_of({read_row(notes(), {key})}); }

  std::vector<world::WorldTable> tables = world::make_tables(
      {{"notes", world::KeyKind::text, true, "7"}, {"parts", world::KeyKind::number, false, "7"}});
};

const Rows untouched{{"a", "old"}, {"b", "old"}};

/// The SQLSTATEs of all that it was answered; empty of rows.
std::vector<std::string> states(const ModelClient& client) {
  std::vector<std::string> states;
  for (std::size_t i = 0; i < client.done.size(); ++i) states.push_back(client.sqlstate(i));
  return states;
}

std::vector<std::string> all_are(const char* state, std::size_t count) {
  return std::vector<std::string>(count, state);
}

world::ModelSettings slow_rows() {
  auto settings = ModelFixture::quick();
  settings.pauses = 1;
  settings.row_pause = {20ms, 20ms};
  return settings;
}

}  // namespace

TEST_CASE_METHOD(TogetherFixture,
                 "modelled statements before one Sync are one commit, and answered together behind it") {
  server.set_disk(50ms, 50ms);
  const auto before = server.history().size();
  auto& writer = client();
  auto& reader = client();
  const SentValues made{{"mark", "new"}};
  writer.send_together({lock({"a", "b"}), mark("a", "new"), set(CommandKind::put, "c", made), remove("b"),
                        create_part(1), read("a")});
  run_for(40ms);
  CHECK(writer.done.empty());
  CHECK(server.locks_held() == 4);
  ask(reader, read("a"));
  CHECK(reader.rows().text(0, 1) == "old");
  run_for(20ms);
  REQUIRE(states(writer) == all_are("", 6));
  for (std::uint64_t i = 0; i < 6; ++i) CHECK(writer.done[i].tag == i);
  CHECK(writer.rows(1).count() == 1);
  CHECK(writer.rows(2).boolean(0, 0));
  CHECK(writer.rows(3).count() == 1);
  CHECK(writer.rows(5).text(0, 1) == "new");
  CHECK(rows() == Rows{{"a", "new"}, {"c", "new"}});
  CHECK(rows(1) == Rows{{"1", "new"}});

  const auto& history = server.history();
  REQUIRE(history.size() == before + 4);
  for (auto i = before; i < history.size(); ++i) {
    CHECK(history[i].number == history[before].number);
    CHECK(history[i].at == history[before].at);
    CHECK(history[i].xid == history[before].xid);
  }
  const auto xmin = schema::wire_integer(history[before].xid, 4);
  CHECK(writer.rows(1).text(0, 5) == xmin);
  CHECK(writer.rows(4).text(0, 4) == xmin);
  CHECK(writer.rows(5).text(0, 4) == xmin);
}

TEST_CASE_METHOD(TogetherFixture, "a refused statement is the outcome of its whole modelled transaction") {
  auto& holder = client();
  holder.send_together({lock({"b"})}, true);
  run_for(10ms);
  auto& one = client();
  // What stands behind the refused one is not run: it would wait.
  one.send_together({mark("a", "new"), create("a", "twice"), mark("b", "new"), create_part(1)});
  one.send_together({mark("a", "next"), read("a")});
  run_for(20ms);
  auto expected = all_are("23505", 4);
  expected.insert(expected.end(), 2, "");
  CHECK(states(one) == expected);
  CHECK(std::get<postgres::StatementError>(one.done[0].outcome).constraint == "notes_pkey");
  CHECK(rows() == Rows{{"a", "next"}, {"b", "old"}});
  CHECK(rows(1).empty());
  holder.close();
}

TEST_CASE_METHOD(TogetherFixture, "a refused modelled transaction lets its rows go before its Sync comes") {
  auto& one = client();
  one.send_together({lock({"a", "b"}), mark("a", "new"), create("b", "twice"), read("a")}, true);
  run_for(20ms);
  CHECK(one.done.empty());
  CHECK(server.locks_held() == 0);
  CHECK(server.transactions_open() == 0);
  one.send(create("c", "new"));
  run_for(20ms);
  CHECK(states(one) == all_are("23505", 5));
  CHECK(rows() == untouched);
}

TEST_CASE_METHOD(TogetherFixture, "a statement sees what those before it in its modelled transaction did") {
  schema::ListQuery query;
  query.order.push_back({0, false});
  server.know_list(notes(), query);
  actors::Command list{{}, CommandKind::list, 1, notes()};
  list.query = std::make_shared<const schema::ListQuery>(query);

  auto& one = client();
  const auto version = std::to_string(server.history().back().xid);
  const SentValues first{{"mark", "m1"}, {"slot", "s1"}}, second{{"mark", "m2"}, {"slot", "s1"}};
  ask_together(
      one, {set(CommandKind::change, "a", {{"slot", std::nullopt}}, version), mark("a", "too late", version),
            set(CommandKind::put, "c", first), read("c"), set(CommandKind::put, "c", second), remove("b"),
            remove("b"), create("b", "again"), statement_of({list}), remove("b")});
  REQUIRE(states(one) == all_are("", 10));
  CHECK(one.rows(0).count() == 1);
  CHECK(one.rows(1).count() == 0);  // the version is another one already
  CHECK(one.rows(2).boolean(0, 0));
  CHECK(one.rows(3).text(0, 1) == "m1");
  CHECK_FALSE(one.rows(4).boolean(0, 0));
  CHECK(one.rows(5).count() == 1);
  CHECK(one.rows(6).count() == 0);
  REQUIRE(one.rows(8).count() == 3);
  CHECK(one.rows(8).text(1, 1) == "again");
  CHECK(one.rows(9).count() == 1);
  CHECK(rows() == Rows{{"a", "old"}, {"c", "m2"}});
}

TEST_CASE_METHOD(TogetherFixture,
                 "a row made and removed in one modelled transaction has both in the history") {
  const auto before = server.history().size();
  auto& one = client();
  ask_together(one, {create("c", "new"), remove("c")});
  CHECK(states(one) == all_are("", 2));
  REQUIRE(server.history().size() == before + 2);
  CHECK(server.history()[before].after);
  CHECK_FALSE(server.history()[before + 1].after);
  CHECK(server.history()[before].number == server.history()[before + 1].number);
  CHECK(rows() == untouched);
}

TEST_CASE_METHOD(TogetherFixture, "a modelled transaction keeps its rows until its Sync, and then no more") {
  const auto version = std::to_string(server.history().back().xid);
  auto& holder = client();
  auto& writer = client();
  auto& reader = client();
  holder.send_together({lock({"a"}), mark("b", "held")}, true);
  run_for(10ms);
  writer.send(mark("a", "new", version));
  run_for(5s);
  CHECK(server.locks_held() == 2);
  CHECK(server.transactions_waiting() == 1);
  CHECK(holder.done.empty());
  CHECK(writer.done.empty());
  ask(reader, read("b"));
  CHECK(reader.rows().text(0, 1) == "old");
  holder.send(plain(postgres::ping_statement()));
  run_for(20ms);
  CHECK(states(holder) == all_are("", 3));
  // A lock leaves the row's version as it was.
  CHECK(writer.rows().count() == 1);
  CHECK(rows() == Rows{{"a", "new"}, {"b", "held"}});
}

TEST_CASE_METHOD(TogetherFixture, "a modelled lock takes rows in the order of its keys, and waits for each") {
  ask(client(), create("c", "old"));
  auto& holder = client();
  auto& locker = client();
  auto& other = client();
  holder.send_together({remove("b")}, true);
  run_for(10ms);
  locker.send_together({lock({"c", "b", "none", "a"}), mark("b", "gone"), mark("c", "new")});
  run_for(10ms);
  CHECK(server.locks_held() == 2);
  CHECK(server.transactions_waiting() == 1);
  ask(other, mark("a", "free"));
  CHECK(other.rows().count() == 1);
  holder.send(plain(postgres::ping_statement()));
  run_for(20ms);
  REQUIRE(states(locker) == all_are("", 3));
  CHECK(locker.rows(1).count() == 0);
  CHECK(locker.rows(2).count() == 1);
  CHECK(rows() == Rows{{"a", "free"}, {"c", "new"}});
}

TEST_CASE_METHOD(TogetherFixture, "a statement behind a modelled lock that waited sees what was waited for") {
  auto& holder = client();
  auto& one = client();
  holder.send_together({mark("a", "first")}, true);
  run_for(10ms);
  one.send_together({lock({"a", "b"}), read("a"), set(CommandKind::change, "a", {{"slot", "s3"}})});
  run_for(10ms);
  holder.send(plain(postgres::ping_statement()));
  run_for(20ms);
  REQUIRE(states(one) == all_are("", 3));
  CHECK(one.rows(1).text(0, 1) == "first");
  CHECK(one.rows(2).text(0, 2) == "first");
}

TEST_CASE("modelled transactions that lock their rows in order do not deadlock, and others do") {
  TogetherFixture fixture(slow_rows());
  auto& first = fixture.client();
  auto& second = fixture.client();
  first.send_together({fixture.mark("a", "first"), fixture.mark("b", "first")});
  second.send_together({fixture.mark("b", "second"), fixture.mark("a", "second")});
  fixture.run_for(900ms);
  CHECK(first.done.size() + second.done.size() == 0);
  fixture.run_for(600ms);
  const bool won = first.sqlstate().empty();
  CHECK(states(won ? second : first) == all_are("40P01", 2));
  CHECK(states(won ? first : second) == all_are("", 2));
  const auto* winner = won ? "first" : "second";
  CHECK(fixture.rows() == Rows{{"a", winner}, {"b", winner}});

  first.done.clear();
  second.done.clear();
  const auto lock = fixture.lock({"a", "b"});
  first.send_together({lock, fixture.mark("a", "first"), fixture.mark("b", "first")});
  second.send_together({lock, fixture.mark("b", "second"), fixture.mark("a", "second")});
  fixture.run_for(900ms);
  CHECK(states(first) == all_are("", 3));
  CHECK(states(second) == all_are("", 3));
}

TEST_CASE("a modelled crash keeps all of a transaction or nothing") {
  std::set<Rows> seen;
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    TogetherFixture fixture(ModelFixture::quick(), seed);
    fixture.server.set_disk(50ms, 50ms);
    auto& one = fixture.client();
    one.send_together({fixture.lock({"a", "b"}), fixture.mark("a", "new"), fixture.remove("b"),
                       fixture.create("c", "new")});
    fixture.run_for(30ms);
    fixture.server.crash();
    fixture.run_for(10ms);
    CHECK(one.lost);
    CHECK(one.done.empty());
    CHECK(fixture.server.locks_held() == 0);
    seen.insert(fixture.rows());
  }
  CHECK(seen == std::set<Rows>{untouched, {{"a", "new"}, {"c", "new"}}});
}

TEST_CASE("a modelled connection that breaks within a transaction leaves all of it or nothing") {
  std::set<Rows> seen;
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    TogetherFixture fixture(slow_rows(), seed);
    auto& one = fixture.client();
    one.send_together({fixture.mark("a", "new"), fixture.mark("b", "new")});
    fixture.run_for(30ms);
    fixture.server.cut_connection(0);
    fixture.run_for(1s);
    CHECK(one.lost);
    CHECK(fixture.server.connections() == 0);
    CHECK(fixture.server.locks_held() == 0);
    seen.insert(fixture.rows());
  }
  CHECK(seen == std::set<Rows>{untouched, {{"a", "new"}, {"b", "new"}}});
}

TEST_CASE_METHOD(TogetherFixture, "a modelled connection that ends before the Sync leaves nothing") {
  const auto begun = [this] {
    auto& one = client();
    one.send_together({mark("a", "new"), create("c", "new")}, true);
    run_for(20ms);
    CHECK(server.locks_held() == 2);
    return &one;
  };
  const auto ended = [this] {
    run_for(20ms);
    CHECK(server.connections() == 0);
    CHECK(server.transactions_open() == 0);
    CHECK(server.locks_held() == 0);
    CHECK(rows() == untouched);
  };
  begun()->close();
  ended();
  begun();
  server.cut_connection(0);
  ended();
  begun();
  CHECK_FALSE(server.cancel_statement(0));  // it runs none
  server.terminate_connection(0);
  ended();
}

TEST_CASE("the answers of a modelled transaction arrive together or not at all") {
  std::set<std::size_t> arrived;
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    TogetherFixture fixture(ModelFixture::quick(), seed);
    auto& one = fixture.client();
    fixture.server.delay_answers(100ms);
    one.send_together({fixture.mark("a", "new"), fixture.mark("b", "new"), fixture.read("a")});
    one.send_together({fixture.read("a"), fixture.read("b")});
    fixture.run_for(50ms);
    fixture.server.cut_connection(0);
    fixture.run_for(100ms);
    REQUIRE(one.lost);
    arrived.insert(one.done.size());
  }
  CHECK(arrived == std::set<std::size_t>{0, 3});
}

TEST_CASE("each statement of a modelled transaction has the timeouts for itself") {
  auto settings = ModelFixture::quick();
  settings.statement = {70ms, 70ms};
  TogetherFixture fixture(settings);
  auto& one = fixture.client();
  fixture.ask(one, timeouts(100ms, 0ms));
  fixture.ask_together(one, {fixture.mark("a", "new"), fixture.mark("b", "new"), fixture.read("a")});
  CHECK(states(one) == all_are("", 3));

  one.done.clear();
  one.send_together({fixture.mark("a", "newer")}, true);
  fixture.run_for(1s);  // nothing runs meanwhile
  auto& late = fixture.client();
  fixture.ask(late, timeouts(100ms, 0ms));
  late.done.clear();
  late.send_together({fixture.mark("b", "newer"), fixture.mark("a", "newest")});
  fixture.run_for(200ms);
  CHECK(states(late) == all_are("57014", 2));
  one.send(fixture.read("a"));
  fixture.run_for(100ms);
  CHECK(states(one) == all_are("", 2));
  CHECK(fixture.rows() == Rows{{"a", "newer"}, {"b", "new"}});
}

TEST_CASE_METHOD(TogetherFixture, "timeouts that a refused modelled transaction set are taken back") {
  auto& holder = client();
  holder.send_together({lock({"b"})}, true);
  auto& one = client();
  ask_together(one, {timeouts(10s, 50ms), mark("b", "new")});
  CHECK(states(one) == all_are("55P03", 2));
  one.done.clear();
  one.send(mark("b", "new"));
  run_for(200ms);
  CHECK(one.done.empty());
  holder.send(plain(postgres::ping_statement()));
  run_for(20ms);
  CHECK(one.rows().count() == 1);
}
