#include <catch2/catch.hpp>

#include "helpers/item_commands.hpp"
#include "helpers/model_client.hpp"
#include "helpers/row_statements.hpp"
#include "schema/element.hpp"

using namespace troupe;
using namespace troupe::tests;
using namespace std::chrono_literals;
using actors::CommandKind;

namespace {

const postgres::SharedResource& items() {
  return shared_items();
}

/// Items with unique names, prices from 0 on, and some of them.
struct ItemsFixture : ModelFixture {
  explicit ItemsFixture(const world::ModelSettings& settings = quick(), std::uint64_t seed = 1)
      : ModelFixture(seed, settings) {
    world::TableRules rules;
    rules.identity = true;
    rules.uniques = {{"items_name_key", {"name"}}};
    rules.checks = {{"items_price_check", "price", 0}};
    rules.defaults = {{"in_stock", boolean(true)}};
    REQUIRE(server.add_table(items(), rules).has_value());
  }
  ~ItemsFixture() {
    run_for(20s);
    CHECK(server.transactions_open() == 0);
    CHECK(server.locks_held() == 0);
  }

  /// Makes items of these names, 1 and up.
  void make(const std::vector<std::string>& names) {
    auto& maker = client();
    std::vector<SentValues> rows;
    for (const auto& name : names) rows.push_back({{"name", name}, {"price", real(1)}});
    ask(maker, statement_of({create_rows(items(), rows)}));
    REQUIRE(maker.rows().count() == static_cast<int>(names.size()));
    maker.close();
  }
  std::string name_of(std::int64_t id) {
    const auto rows = server.rows(items()->resource.table);
    const auto found = rows.find(*key(id));
    return found == rows.end() ? "" : found->second[1].value();
  }
  static std::optional<world::Key> key(std::int64_t id) {
    std::string element;
    schema::append_integer_element(id, element);
    return element;
  }
};

actors::Command rename(std::int64_t id, const std::string& name, const SentValue& versions = {}) {
  return set_row(CommandKind::change, items(), {integer(id)}, {{"name", name}}, versions);
}

SentStatement create_item(const std::string& name, double price = 1) {
  return statement_of({create_rows(items(), {{{"name", name}, {"price", real(price)}}})});
}

const postgres::StatementError& error_in(const postgres::Completion& completion) {
  REQUIRE(std::holds_alternative<postgres::StatementError>(completion.outcome));
  return std::get<postgres::StatementError>(completion.outcome);
}

}  // namespace

TEST_CASE_METHOD(ItemsFixture, "a modelled row has its number, its default and the version of its writer") {
  auto& one = client();
  ask(one, create("chair"));
  const auto& rows = one.rows();
  REQUIRE(rows.count() == 1);
  CHECK(rows.int8(0, 0) == 1);
  CHECK(rows.text(0, 1) == "chair");
  CHECK(rows.is_null(0, 2));
  CHECK(rows.boolean(0, 4));
  REQUIRE(server.history().size() == 1);
  CHECK(rows.text(0, 5) == schema::wire_integer(server.history()[0].xid, 4));
  CHECK(server.history()[0].key == *key(1));
  CHECK(server.history()[0].after->at(1) == "chair");
  const auto version = std::string(rows.text(0, 5));
  ask(one, statement_of({read_row(items(), {integer(1)})}));
  REQUIRE(one.rows().count() == 1);
  CHECK(one.rows().text(0, 5) == version);
}

TEST_CASE_METHOD(ItemsFixture, "a modelled write is seen and answered when its flush is over, not before") {
  server.set_disk(50ms, 50ms);
  auto& writer = client();
  auto& reader = client();
  writer.send(create("chair"));
  run_for(40ms);
  CHECK(writer.done.empty());
  CHECK(server.transactions_open() == 1);
  ask(reader, statement_of({read_row(items(), {integer(1)})}));
  CHECK(reader.rows().count() == 0);
  run_for(20ms);
  CHECK(writer.done.size() == 1);
  ask(reader, statement_of({read_row(items(), {integer(1)})}));
  CHECK(reader.rows().count() == 1);
}

TEST_CASE("a modelled read sees what was committed when it began, not when it is answered") {
  auto settings = ModelFixture::quick();
  settings.row_pause = {20ms, 20ms};
  ItemsFixture fixture(settings);
  auto& writer = fixture.client();
  auto& reader = fixture.client();
  writer.send(create("chair"));
  fixture.run_for(15ms);
  reader.send(statement_of({read_row(items(), {integer(1)})}));
  fixture.run_for(10ms);
  CHECK(fixture.server.history().size() == 1);
  CHECK(reader.done.empty());
  fixture.run_for(50ms);
  CHECK(reader.rows().count() == 0);
}

TEST_CASE_METHOD(ItemsFixture, "writers that come during a modelled flush share the next one") {
  server.set_disk(50ms, 50ms);
  std::vector<ModelClient*> writers;
  for (int i = 0; i < 4; ++i) writers.push_back(&client());
  const auto begin = events.now();
  writers[0]->send(create("first"));
  run_for(10ms);
  for (int i = 1; i < 4; ++i) writers[static_cast<std::size_t>(i)]->send(create_item(std::to_string(i)));
  run_for(120ms);
  REQUIRE(server.history().size() == 4);
  const auto at = [&](std::size_t i) { return server.history()[i].at; };
  CHECK(at(0) - begin < 60ms);
  CHECK(at(1) == at(2));
  CHECK(at(2) == at(3));
  CHECK(at(1) - at(0) == 50ms);
}

TEST_CASE_METHOD(ItemsFixture,
                 "modelled writers wait for a row in their order, and look at its version again") {
  make({"chair"});
  server.set_disk(50ms, 50ms);
  const auto version = std::to_string(server.history()[0].xid);
  auto& first = client();
  auto& second = client();
  auto& third = client();
  auto& fourth = client();
  first.send(statement_of({rename(1, "table")}));
  run_for(10ms);
  second.send(statement_of({rename(1, "lamp", version)}));
  third.send(statement_of({rename(1, "stool")}));
  run_for(5ms);
  fourth.send(statement_of({rename(1, "shelf")}));
  run_for(25ms);
  CHECK(server.transactions_open() == 4);
  CHECK(server.transactions_waiting() == 3);
  run_for(200ms);
  CHECK(first.rows().count() == 1);
  CHECK(second.rows().count() == 0);
  CHECK(third.rows().count() == 1);
  CHECK(fourth.rows().count() == 1);
  REQUIRE(server.history().size() == 4);
  CHECK(server.history()[2].after->at(1) == "stool");
  CHECK(name_of(1) == "shelf");
}

TEST_CASE_METHOD(ItemsFixture,
                 "a row that was deleted and made again is not the one a modelled writer found") {
  make({"chair"});
  server.set_disk(50ms, 50ms);
  auto& remover = client();
  auto& putter = client();
  auto& changer = client();
  remover.send(statement_of({remove_row(items(), {integer(1)})}));
  run_for(5ms);
  const SentValues lamp{{"name", "lamp"}, {"price", real(2)}};
  putter.send(statement_of({set_row(CommandKind::put, items(), {integer(1)}, lamp)}));
  run_for(5ms);
  changer.send(statement_of({rename(1, "stool")}));
  run_for(200ms);
  CHECK(remover.rows().count() == 1);
  CHECK(putter.rows().boolean(0, 0));
  CHECK(changer.rows().count() == 0);
  CHECK(name_of(1) == "lamp");
}

TEST_CASE_METHOD(ItemsFixture, "a modelled wait for a row ends with lock_timeout or statement_timeout") {
  make({"chair"});
  server.set_disk(10s, 10s);
  auto& holder = client();
  auto& locked = client();
  auto& late = client();
  ask(locked, timeouts(4s, 1s));
  ask(late, timeouts(500ms, 1s));
  locked.done.clear();
  late.done.clear();
  holder.send(statement_of({rename(1, "table")}));
  run_for(10ms);
  locked.send(statement_of({rename(1, "lamp")}));
  late.send(statement_of({rename(1, "stool")}));
  run_for(600ms);
  CHECK(late.sqlstate() == "57014");
  CHECK(error_in(late.done[0]).message == "canceling statement due to statement timeout");
  CHECK(locked.done.empty());
  run_for(600ms);
  CHECK(locked.sqlstate() == "55P03");
  run_for(10s);
  CHECK(holder.rows().count() == 1);
  CHECK(name_of(1) == "table");
}

TEST_CASE("one of a modelled deadlock is the victim, after a second") {
  auto settings = ModelFixture::quick();
  settings.pauses = 1;
  settings.row_pause = {20ms, 20ms};
  ItemsFixture fixture(settings);
  fixture.make({"a", "b"});
  auto& first = fixture.client();
  auto& second = fixture.client();
  // A create meets its rows in its own order: they claim each other's names.
  const SentValues x{{"name", "x"}, {"price", real(1)}}, y{{"name", "y"}, {"price", real(1)}};
  first.send(statement_of({create_rows(items(), {x, y})}));
  second.send(statement_of({create_rows(items(), {y, x})}));
  fixture.run_for(900ms);
  CHECK(first.done.empty());
  CHECK(second.done.empty());
  fixture.run_for(500ms);
  REQUIRE(first.done.size() == 1);
  REQUIRE(second.done.size() == 1);
  const auto states = first.sqlstate() + second.sqlstate();
  CHECK(states == "40P01");
  CHECK(fixture.server.rows(items()->resource.table).size() == 4);
}

TEST_CASE_METHOD(ItemsFixture, "a modelled unique value waits for who makes it, and then decides") {
  server.set_disk(50ms, 50ms);
  auto& first = client();
  auto& second = client();
  first.send(create("chair"));
  run_for(10ms);
  second.send(create("chair"));
  run_for(200ms);
  CHECK(first.rows().count() == 1);
  const auto& error = error_in(second.done.at(0));
  CHECK(error.sqlstate == "23505");
  CHECK(error.message == R"(duplicate key value violates unique constraint "items_name_key")");
  CHECK(error.detail == "Key (name)=(chair) already exists");
  CHECK(error.table == "items");
  CHECK(error.constraint == "items_name_key");
}

TEST_CASE("a modelled unique value is free again when who made it failed") {
  auto settings = ModelFixture::quick();
  settings.pauses = 1;
  settings.row_pause = {20ms, 20ms};
  ItemsFixture fixture(settings);
  auto& first = fixture.client();
  auto& second = fixture.client();
  const SentValues good{{"name", "x"}, {"price", real(1)}}, bad{{"name", "y"}, {"price", real(-1)}};
  first.send(statement_of({create_rows(items(), {good, good, bad})}));
  fixture.run_for(10ms);
  second.send(create("x"));
  fixture.run_for(200ms);
  CHECK(first.sqlstate() == "23505");
  CHECK(second.rows().count() == 1);
}

TEST_CASE_METHOD(ItemsFixture, "a modelled statement that fails leaves nothing but a gap of numbers") {
  auto& one = client();
  const SentValues good{{"name", "x"}, {"price", real(1)}}, bad{{"name", "y"}, {"price", real(-1)}};
  const auto& refused = error_in(ask(one, statement_of({create_rows(items(), {good, bad})})));
  CHECK(refused.sqlstate == "23514");
  CHECK(refused.message == R"(new row for relation "items" violates check constraint "items_price_check")");
  CHECK(refused.detail == "Failing row contains (2, y, null, -1, t)");
  CHECK(server.rows(items()->resource.table).empty());
  CHECK(server.history().empty());
  ask(one, create("x"));
  CHECK(one.rows().int8(0, 0) == 3);
  const auto& null = error_in(ask(one, statement_of({create_rows(items(), {{{"name", std::nullopt}}})})));
  CHECK(null.sqlstate == "23502");
  CHECK(null.column == "name");
  CHECK(null.message == R"(null value in column "name" of relation "items" violates not-null constraint)");
}

TEST_CASE_METHOD(ItemsFixture, "a modelled put tells what it made, and meets no key twice") {
  auto& one = client();
  const SentValues lamp{{"name", "lamp"}, {"price", real(2)}};
  const auto put = [&](std::int64_t id) { return set_row(CommandKind::put, items(), {integer(id)}, lamp); };
  ask(one, statement_of({put(7)}));
  CHECK(one.rows().boolean(0, 0));
  ask(one, statement_of({put(7)}));
  CHECK_FALSE(one.rows().boolean(0, 0));
  CHECK(error_in(ask(one, statement_of({put(7), put(7)}))).sqlstate == "21000");
  CHECK(server.history().size() == 2);
}

TEST_CASE_METHOD(ItemsFixture, "a modelled server that became read-only refuses writes and nothing else") {
  make({"chair"});
  server.set_read_only(true);
  auto& one = client();
  CHECK(error_in(ask(one, create("x"))).message == "cannot execute INSERT in a read-only transaction");
  CHECK(error_in(ask(one, statement_of({rename(1, "x")}))).sqlstate == "25006");
  CHECK(error_in(ask(one, lock_of(items(), {{integer(1)}}))).message ==
        "cannot execute SELECT FOR NO KEY UPDATE in a read-only transaction");
  ask(one, statement_of({read_row(items(), {integer(1)})}));
  CHECK(one.rows().count() == 1);
  server.set_read_only(false);
  ask(one, plain(postgres::begin_read_only_statement()));
  CHECK(error_in(ask(one, create("x"))).sqlstate == "25006");
  CHECK(error_in(ask(one, plain(postgres::ping_statement()))).sqlstate == "25P02");
  ask(one, plain(postgres::commit_statement()));
  ask(one, create("x"));
  CHECK(one.rows().count() == 1);
}

TEST_CASE_METHOD(ItemsFixture, "a modelled table of a type that is not modelled is refused") {
  schema::Resource days;
  days.table = R"("days")";
  auto& day = days.columns.emplace_back();
  day.name = "day";
  day.type.kind = schema::TypeKind::date;
  day.type.name = "date";
  days.key = {0};
  for (auto& column : days.columns) schema::finish_column(column);
  days.finish();
  const auto added = server.add_table(postgres::serve_resources({days}).front(), {});
  REQUIRE(added.has_error());
  CHECK(added.error().message.find("column day is date, which is not modelled") != std::string::npos);
}
