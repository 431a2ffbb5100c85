#include <algorithm>
#include <catch2/catch.hpp>
#include <future>
#include <tuple>

#include "helpers/sql_session.hpp"
#include "helpers/twin_databases.hpp"

using namespace troupe;
using namespace troupe::tests;
using namespace std::chrono_literals;
using actors::Command;
using actors::CommandKind;

namespace {

/// What became of a second session's statement that met the first one's transaction.
struct Meeting {
  bool waited = false;
  std::vector<std::string> said;
  bool operator==(const Meeting&) const = default;
};

std::ostream& operator<<(std::ostream& out, const Meeting& meeting) {
  out << (meeting.waited ? "waited" : "did not wait");
  for (const auto& line : meeting.said) out << "; " << line;
  return out;
}

/// What the first session does: a statement of ours, and the same as SQL for the real one, which can then
/// keep its transaction open.
struct Holding {
  SentStatement sent;
  std::string sql;
};

world::ModelSettings slow_rows() {
  auto settings = ModelFixture::quick();
  settings.pauses = 1;
  settings.row_pause = {100ms, 100ms};
  return settings;
}

/// Two sessions at both databases; words "a" and "b", people 1 ("ann") and 2 ("bob").
class Meetings {
 public:
  Meetings() : holder_(twins.conninfo), watcher_(twins.conninfo) {
    real_second_.emplace(postgres::BlockingSession::open(twins.conninfo, 60s).value());
    model_first_ = &twins.model.client();
    model_second_ = &twins.model.client();
    const auto people = statement_of({create_rows(twins.resource("people"), {person("ann"), person("bob")})});
    twins.ask_real(people);
    twins.ask_model(people);
    begin_again();
  }

  /// The same words as at first.
  void begin_again() {
    std::vector<Command> all;
    for (const auto* word : {"a", "b", "c", "d", "e"}) all.push_back(remove_row(words(), {word}));
    const auto create = statement_of({create_rows(words(), {{{"word", "a"}}, {{"word", "b"}}})});
    for (const auto& sent : {statement_of(all), create}) {
      twins.ask_real(sent);
      twins.ask_model(sent);
    }
  }

  /// Both sessions at the real database; the first one commits when the second one waits, or is done.
  Meeting real(const Holding& holding, const SentStatement& second, bool commit, bool xmin) {
    holder_.run("BEGIN");
    holder_.run(holding.sql);
    auto answer = ask_second(second);
    Meeting meeting;
    meeting.waited = waits(answer);
    if (!ends_by_itself) holder_.run(commit ? "COMMIT" : "ROLLBACK");
    meeting.said = said(answer.get(), xmin, false);
    if (ends_by_itself) holder_.run("ROLLBACK");
    return meeting;
  }
  /// The same at the modelled one, where a statement that does not commit is canceled.
  Meeting modelled(const Holding& holding, const SentStatement& second, bool commit, bool xmin) {
    if (ends_by_itself) twins.model.server.stall_disk(2s);
    model_first_->send(holding.sent);
    twins.model.run_for(50ms);
    model_second_->done.clear();
    model_second_->send(second);
    Meeting meeting;
    bool over = false;
    twins.model.events.after(40ms, [&] { over = true; });
    twins.model.run_until([&] { return over; });
    meeting.waited = twins.model.server.transactions_waiting() == 1;
    if (!commit) CHECK(twins.model.server.cancel_statement(1));
    REQUIRE(twins.model.run_until([&] { return model_second_->is_answered(); }));
    REQUIRE(twins.model.run_until([&] { return model_first_->is_answered(); }));
    meeting.said = said(model_second_->done.front().outcome, xmin, false);
    return meeting;
  }

  void set_timeouts(std::chrono::milliseconds statement, std::chrono::milliseconds lock) {
    const auto sent = timeouts(statement, lock);
    real_second_->run(sent.statement.sql, sent.params).value();
    twins.model.ask(*model_second_, sent);
  }

  std::future<TwinDatabases::Outcome> ask_second(const SentStatement& second) {
    return std::async(std::launch::async, [this, second] {
      return real_second_->run(second.statement.sql, second.params).value();
    });
  }
  /// Until it waits for a lock, or is answered.
  bool waits(const std::future<TwinDatabases::Outcome>& answer) {
    const auto* waiting =
        "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = "
        "current_database()";
    while (answer.wait_for(5ms) != std::future_status::ready) {
      if (watcher_.value(waiting) != "0") return true;
    }
    return false;
  }

  const postgres::SharedResource& words() const { return twins.resource("words"); }
  static SentValues person(const std::string& name) { return {{"name", name}}; }

  TwinDatabases twins{1, slow_rows()};
  bool ends_by_itself = false;  ///< the second statement does, by a timeout

  SqlSession holder_, watcher_;
  std::optional<postgres::BlockingSession> real_second_;
  ModelClient* model_first_ = nullptr;
  ModelClient* model_second_ = nullptr;
};

struct Case {
  std::string name;
  Holding first;
  SentStatement second;
  bool waits = true;
  bool with_version = false;  ///< the second one wants the row as it was before
  bool xmin = true;           ///< it returns one
};

std::vector<Case> cases(const Meetings& meetings) {
  const auto& words = meetings.words();
  const auto& people = meetings.twins.resource("people");
  const auto set = [&](CommandKind kind, const std::string& word, const SentValues& values) {
    return statement_of({set_row(kind, words, {word}, values)});
  };
  const auto create = [&](const std::string& word) {
    return statement_of({create_rows(words, {{{"word", word}}})});
  };
  const auto lock = [&](const std::string& word) { return lock_of(words, {{word}}); };
  const auto remove = statement_of({remove_row(words, {"a"})});
  const Holding changes{set(CommandKind::change, "a", {{"lang", "x"}}),
                        "UPDATE words SET lang = 'x' WHERE word = 'a'"};
  const Holding removes{remove, "DELETE FROM words WHERE word = 'a'"};
  const Holding inserts{create("c"), "INSERT INTO words (word) VALUES ('c')"};
  const Holding joins{statement_of({create_rows(people, {Meetings::person("cid")})}),
                      "INSERT INTO people (name) VALUES ('cid')"};
  const Holding locks{lock("a"), "SELECT FROM words WHERE word = 'a' FOR NO KEY UPDATE"};
  const Holding locks_bob{lock_of(people, {{integer(2)}}),
                          "SELECT FROM people WHERE id = 2 FOR NO KEY UPDATE"};
  const auto count = [](std::int64_t value) { return SentValues{{"count", integer(value)}}; };
  const auto change = set(CommandKind::change, "a", count(3));
  const auto rename = statement_of({set_row(CommandKind::change, people, {integer(1)}, {{"name", "cid"}})});
  const auto second_bob = statement_of({create_rows(people, {Meetings::person("bob")})});
  return {
      {"a change of a row that is being changed", changes, change},
      {"a change of a version that is being changed", changes, change, true, true},
      {"a change of a row that is being removed", removes, change},
      {"a removal of a row that is being changed", changes, remove, true, false, false},
      {"a put of a row that is being changed", changes, set(CommandKind::put, "a", count(4))},
      {"a put of a row that is being removed", removes, set(CommandKind::put, "a", count(4))},
      {"a put of a row that is being made", inserts, set(CommandKind::put, "c", count(4))},
      {"a second row of the same key", inserts, create("c")},
      {"a new row of a key that is being removed", removes, create("a")},
      {"a new row of a key that is being changed", changes, create("a")},
      {"a change to a unique value that is being made", joins, rename},
      {"a change that violates a check", changes, set(CommandKind::change, "a", count(-9)), false},
      {"a put that violates a check", changes, set(CommandKind::put, "a", count(-9)), false},
      {"a change of another row", changes, set(CommandKind::change, "b", count(3)), false},
      {"a change of a row that is being made", inserts, set(CommandKind::change, "c", count(3)), false},
      {"a read of a row that is being removed", removes, statement_of({read_row(words, {"a"})}), false},
      {"a lock of a row that is being changed", changes, lock("a")},
      {"a lock of a row that is being removed", removes, lock("a")},
      {"a lock of a row that is being made", inserts, lock("c"), false},
      {"a lock of a row that is locked", locks, lock("a")},
      {"a change of a row that is locked", locks, change},
      {"a change of a version that is locked", locks, change, true, true},
      {"a removal of a row that is locked", locks, remove, true, false, false},
      {"a put of a row that is locked", locks, set(CommandKind::put, "a", count(4))},
      {"a new row of a key that is locked", locks, create("a"), false},
      {"a unique value of a row that is locked", locks_bob, second_bob, false},
  };
}

}  // namespace

TEST_CASE("two statements that meet at a modelled row come out as at a real one") {
  Meetings meetings;
  for (const bool commit : {true, false}) {
    for (auto& each : cases(meetings)) {
      INFO(each.name << (commit ? ", which commits" : ", which is taken back"));
      meetings.begin_again();
      const auto gone = statement_of({remove_row(meetings.twins.resource("people"), {integer(3)})});
      meetings.twins.ask_real(gone);
      meetings.twins.ask_model(gone);
      const auto with_version = [&](const TwinDatabases::Outcome& read) {
        if (!each.with_version) return each.second;
        return statement_of({set_row(CommandKind::change, meetings.words(), {"a"}, {{"count", integer(3)}},
                                     version_in(read))});
      };
      const auto read = statement_of({read_row(meetings.words(), {"a"})});
      const auto for_real = with_version(meetings.twins.ask_real(read));
      const auto for_model = with_version(meetings.twins.ask_model(read));
      const auto real = meetings.real(each.first, for_real, commit, each.xmin);
      CHECK(real.waited == each.waits);
      CHECK(meetings.modelled(each.first, for_model, commit, each.xmin) == real);
    }
  }
}

TEST_CASE("a modelled wait ends by a timeout as a real one does") {
  Meetings meetings;
  meetings.ends_by_itself = true;
  const auto all = cases(meetings);
  for (const auto& [statement, lock, state] :
       {std::tuple(10s, 100ms, "55P03"), std::tuple(0s, 100ms, "55P03"), std::tuple(1s, 0ms, "57014")}) {
    meetings.set_timeouts(statement, lock);
    for (const auto* name : {"a change of a row that is being changed", "a second row of the same key",
                             "a put of a row that is being made", "a removal of a row that is being changed",
                             "a lock of a row that is being changed", "a change of a row that is locked"}) {
      const auto& each = *std::ranges::find(all, std::string(name), &Case::name);
      INFO(each.name << ", " << state);
      meetings.begin_again();
      const auto real = meetings.real(each.first, each.second, true, false);
      CHECK(real.waited);
      REQUIRE(real.said.size() == 1);
      CHECK(real.said.front().starts_with(state));
      CHECK(meetings.modelled(each.first, each.second, true, false) == real);
    }
  }
}

TEST_CASE("of a deadlock who waited first is the victim, modelled or real") {
  Meetings meetings;
  const auto& words = meetings.words();
  const auto second = statement_of({create_rows(words, {{{"word", "d"}}, {{"word", "c"}}})});
  const auto refused = [](const TwinDatabases::Outcome& outcome) {
    const auto* error = std::get_if<postgres::StatementError>(&outcome);
    return error == nullptr ? "" : error->sqlstate + ": " + error->message;
  };

  meetings.holder_.run("BEGIN");
  meetings.holder_.run("INSERT INTO words (word) VALUES ('c')");
  auto answer = meetings.ask_second(second);
  REQUIRE(meetings.waits(answer));
  meetings.holder_.run("INSERT INTO words (word) VALUES ('d')");
  meetings.holder_.run("COMMIT");
  const auto real = refused(answer.get());

  auto& model = meetings.twins.model;
  const std::vector<SentValues> first{{{"word", "c"}}, {{"word", "e"}}, {{"word", "d"}}};
  meetings.model_first_->send(statement_of({create_rows(words, first)}));
  model.run_for(50ms);
  meetings.model_second_->send(second);
  const auto begin = model.events.now();
  REQUIRE(model.run_until([&] { return meetings.model_second_->is_answered(); }));
  CHECK(model.events.now() - begin > 1s);
  CHECK(refused(meetings.model_second_->done.front().outcome) == real);
  CHECK(real == "40P01: deadlock detected");
  REQUIRE(model.run_until([&] { return meetings.model_first_->is_answered(); }));
  CHECK(meetings.model_first_->rows().count() == 3);
}

TEST_CASE("a lock takes rows in the order of its keys, modelled or real") {
  Meetings meetings;
  auto& model = meetings.twins.model;
  for (const bool held_first : {true, false}) {
    meetings.begin_again();
    const std::vector<SentKey> keys =
        held_first ? std::vector<SentKey>{{"a"}, {"b"}} : std::vector<SentKey>{{"b"}, {"a"}};
    const auto both = lock_of(meetings.words(), keys);

    meetings.holder_.run("BEGIN");
    meetings.holder_.run("SELECT FROM words WHERE word = 'a' FOR NO KEY UPDATE");
    auto answer = meetings.ask_second(both);
    CHECK(meetings.waits(answer));
    const auto free = meetings.watcher_.run("SELECT word FROM words FOR NO KEY UPDATE SKIP LOCKED").size();
    CHECK(free == (held_first ? 1 : 0));
    meetings.holder_.run("COMMIT");
    CHECK(std::get<postgres::Rows>(answer.get()).count() == 2);

    meetings.model_first_->send_together({lock_of(meetings.words(), {{"a"}})}, true);
    model.run_for(500ms);
    meetings.model_second_->send(both);
    model.run_for(500ms);
    CHECK(model.server.transactions_waiting() == 1);
    CHECK(2 - model.server.locks_held() == free);
    meetings.model_first_->send(plain(postgres::ping_statement()));
    model.run_for(1s);
    CHECK(model.server.locks_held() == 0);
  }
}

TEST_CASE("a real statement_timeout is for each statement of a transaction, as the modelled one is") {
  TwinDatabases twins(1);
  const auto sleep = [](const std::string& seconds) {
    return plain({seconds, "SELECT pg_sleep(" + seconds + ")"});
  };
  twins.ask_real_together({timeouts(500ms, 0ms)});
  for (const auto& outcome : twins.ask_real_together({sleep("0.3"), sleep("0.3")}))
    CHECK(std::holds_alternative<postgres::Rows>(outcome));
  for (const auto& outcome : twins.ask_real_together({sleep("0.01"), sleep("60"), sleep("0")}))
    CHECK(said(outcome, false, true).front().starts_with("57014"));
}
