#include "world/judge/judge.hpp"

#include <spdlog/fmt/fmt.h>

#include <catch2/catch.hpp>

#include "schema/element.hpp"

using namespace troupe;
using namespace troupe::world;
using std::chrono::seconds;

namespace {

TimePoint at(int second) {
  return TimePoint(seconds(second));
}

/// One table with keys that clients choose and a unique slot, and what happened to it; times are in seconds.
class Case {
 public:
  Case() : tables_(make_tables({{"notes", KeyKind::text, true, "7"}})) {}

  Case& commit(int second, const std::string& key, const std::string& mark, const std::string& slot = "",
               const std::string& amount = "7") {
    Cells cells{key, mark, slot.empty() ? Cell() : Cell(slot), schema::wire_integer(std::stoll(amount))};
    return add(second, key, std::move(cells));
  }
  Case& deleted(int second, const std::string& key) { return add(second, key, std::nullopt); }

  Exchange& ask(Deed deed, const std::string& key, int from, int to, int status,
                const std::string& body = "") {
    Exchange exchange;
    exchange.asked.number = exchanges_.size() + 1;
    exchange.asked.deed = deed;
    exchange.asked.key = key;
    exchange.asked.sent = at(from);
    exchange.asked.list_limit = 100;
    exchange.answered = {status, body, {}, status == 0, at(to)};
    exchanges_.push_back(std::move(exchange));
    return exchanges_.back();
  }
  Exchange& write(Deed deed, const std::string& key, const std::string& mark, int from, int to, int status,
                  const std::string& body = "") {
    auto& exchange = ask(deed, key, from, to, status, body);
    exchange.asked.wishes = {{mark}};
    if (deed == Deed::create) exchange.asked.wishes.front().id = std::exchange(exchange.asked.key, "");
    return exchange;
  }
  Exchange& last() { return exchanges_.back(); }

  /// What is wrong, in one text; empty: nothing.
  std::string verdict() const {
    std::string text;
    for (const auto& fault : judge(tables_, Timeline(tables_, history_), exchanges_))
      text += fault.substr(fault.rfind(": ") + 2);
    return text;
  }

 private:
  Case& add(int second, const std::string& key, std::optional<Cells> after) {
    std::string element;
    schema::append_text_element(key, element);
    const auto number = history_.size() + 1;
    history_.push_back({number, at(second), tables_[0].resource->resource.table, element, std::move(after),
                        static_cast<std::uint32_t>(number)});
    return *this;
  }

  std::vector<WorldTable> tables_;
  std::vector<Commit> history_;
  std::vector<Exchange> exchanges_;
};

std::string row(const std::string& key, const std::string& mark, const std::string& slot = "") {
  return fmt::format(R"({{"id":"{}","mark":"{}","slot":{},"amount":7}})", key, mark,
                     slot.empty() ? "null" : '"' + slot + '"');
}

}  // namespace

TEST_CASE("what was carried out between a request and its answer is right") {
  Case one;
  one.commit(2, "a", "m1").commit(4, "a", "m2").deleted(6, "a");
  one.write(Deed::create, "a", "m1", 1, 3, 201, row("a", "m1"));
  one.write(Deed::replace, "a", "m2", 3, 5, 200, row("a", "m2"));
  one.ask(Deed::remove, "a", 5, 7, 204);
  one.ask(Deed::read, "a", 1, 3, 404);
  one.ask(Deed::read, "a", 3, 5, 200, row("a", "m1"));
  one.ask(Deed::read, "a", 3, 5, 200, row("a", "m2"));
  one.ask(Deed::read, "a", 7, 8, 404);
  one.ask(Deed::list, "", 3, 3, 200, "[" + row("a", "m1") + "]");
  one.ask(Deed::list, "", 7, 8, 200, "[]");
  one.write(Deed::replace, "a", "m9", 5, 7, 0);   // nobody knows, and it was not
  one.write(Deed::create, "a", "m8", 3, 4, 409);  // the key was taken
  one.write(Deed::change, "a", "m7", 7, 8, 404);
  one.write(Deed::change, "a", "m6", 3, 4, 412).asked.if_mark = "m0";
  CHECK(one.verdict() == "");
}

TEST_CASE("what no single execution can have given is found") {
  Case one;
  one.commit(2, "a", "m1", "s1").commit(4, "a", "m2", "s1");
  const auto rest = [&] {
    one.write(Deed::create, "a", "m1", 1, 3, 201, row("a", "m1", "s1")).asked.wishes[0].slot = "s1";
    one.write(Deed::replace, "a", "m2", 3, 5, 200, row("a", "m2", "s1")).asked.wishes[0].slot = "s1";
  };
  std::string wrong;
  SECTION("a write that is not there") {
    rest();
    one.write(Deed::create, "b", "m3", 5, 6, 201, row("b", "m3"));
    wrong = "the answered write is lost";
  }
  SECTION("a write that is there twice") {
    rest();
    one.commit(5, "b", "m2");
    wrong = "it was done more than once";
  }
  SECTION("a write that was answered as not done") {
    one.write(Deed::create, "a", "m1", 1, 3, 503);
    one.write(Deed::replace, "a", "m2", 3, 5, 200, row("a", "m2", "s1")).asked.wishes[0].slot = "s1";
    wrong = "it was answered as not done, and it was done";
  }
  SECTION("an answer before the commit") {
    one.write(Deed::create, "a", "m1", 0, 1, 201, row("a", "m1", "s1"));
    one.write(Deed::replace, "a", "m2", 3, 5, 200, row("a", "m2", "s1")).asked.wishes[0].slot = "s1";
    wrong = "it was answered before it was committed";
  }
  SECTION("somebody else's answer") {
    rest();
    one.ask(Deed::read, "b", 4, 5, 200, row("a", "m2", "s1"));
    wrong = "the answer is another row";
  }
  SECTION("a row that is older than what was told before") {
    rest();
    one.ask(Deed::read, "a", 5, 6, 200, row("a", "m1", "s1"));
    wrong = "the row was never like this meanwhile";
  }
  SECTION("a row that was there") {
    rest();
    one.ask(Deed::read, "a", 5, 6, 404);
    wrong = "the row was there all the time";
  }
  SECTION("a list of two moments") {
    rest();
    one.ask(Deed::list, "", 1, 6, 200, "[" + row("a", "m1", "s1") + "," + row("a", "m2", "s1") + "]");
    wrong = "the table was never like this list meanwhile";
  }
  SECTION("a conflict with nobody") {
    rest();
    one.write(Deed::create, "c", "m3", 5, 6, 409).asked.wishes[0].slot = "s2";
    wrong = "it was in conflict with no other row";
  }
  SECTION("a conflict with a row that has the slot is none") {
    rest();
    one.write(Deed::create, "c", "m3", 5, 6, 409).asked.wishes[0].slot = "s1";
  }
  SECTION("a refusal of values that are right") {
    rest();
    one.write(Deed::create, "c", "m3", 5, 6, 422);
    wrong = "its values are right";
  }
  SECTION("a version that was not demanded") {
    one.write(Deed::create, "a", "m1", 1, 3, 201, row("a", "m1", "s1")).asked.wishes[0].slot = "s1";
    auto& change = one.write(Deed::replace, "a", "m2", 3, 5, 200, row("a", "m2", "s1"));
    change.asked.wishes[0].slot = "s1";
    change.asked.if_mark = "m0";
    wrong = "it changed a version that If-Match did not name";
  }
  SECTION("a refusal of the right version") {
    rest();
    one.write(Deed::change, "a", "m3", 5, 6, 412).asked.if_mark = "m2";
    wrong = "the row had the version that If-Match names all the time";
  }
  SECTION("a removal that did not happen") {
    rest();
    one.ask(Deed::remove, "a", 5, 6, 204);
    wrong = "the answered removal is lost";
  }
  SECTION("one removal for two who were told so") {
    rest();
    one.deleted(6, "a");
    one.ask(Deed::remove, "a", 5, 7, 204);
    one.ask(Deed::remove, "a", 5, 8, 204);
    wrong = "the answered removal is lost";
  }
  SECTION("a removal that nobody asked for") {
    rest();
    one.deleted(6, "a");
    wrong = "row a of notes was deleted, and nobody who could have asked for it was told";
  }
  SECTION("an answer that is not the row that was written") {
    rest();
    one.last().answered.body = row("a", "m2", "s2");
    wrong = "the answer is not the row that was written";
  }
  SECTION("a row that is not what was asked for") {
    rest();
    one.last().asked.wishes[0].slot = "s2";
    wrong = "what was written is not what was asked for";
  }
  SECTION("a mark of nobody") {
    rest();
    one.commit(6, "z", "m77");
    wrong = "a row has the mark m77, which nobody gave it";
  }
  SECTION("a status that no server should give") {
    rest();
    one.ask(Deed::read, "a", 5, 6, 500);
    wrong = "no read is answered so";
  }
  CHECK(one.verdict() == wrong);
}
