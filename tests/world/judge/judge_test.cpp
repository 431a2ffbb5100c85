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
    Cells cells{key, mark, slot.empty() ? world::Cell() : world::Cell(slot),
                schema::wire_integer(std::stoll(amount))};
    return add(second, key, std::move(cells));
  }
  Case& deleted(int second, const std::string& key) { return add(second, key, std::nullopt); }

  Exchange& ask(Deed deed, const std::string& key, int from, int to, int status,
                const std::string& body = "") {
    Exchange exchange;
    exchange.asked.number = exchange.asked.client = exchanges_.size() + 1;
    exchange.asked.deed = deed;
    exchange.asked.key = key;
    exchange.asked.sent = at(from);
    exchange.asked.list_limit = 100;
    exchange.answered = {status, body, {}, status == 0, false, at(to)};
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
      text += fault.substr(fault.starts_with('#') ? fault.rfind(": ") + 2 : 0);
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

struct Planted {
  const char* name;
  const char* wrong;  ///< what is found; empty: nothing
  void (*plant)(Case& one);
};

/// What goes with the two changes of each planted case.
void first(Case& one) {
  one.write(Deed::create, "a", "m1", 1, 3, 201, row("a", "m1", "s1")).asked.wishes[0].slot = "s1";
}
void second(Case& one) {
  one.write(Deed::replace, "a", "m2", 3, 5, 200, row("a", "m2", "s1")).asked.wishes[0].slot = "s1";
}
void rest(Case& one) {
  first(one);
  second(one);
}

const std::vector<Planted> planted_cases{
    {"a write that is not there", "the answered write is lost",
     [](Case& one) {
       rest(one);
       one.write(Deed::create, "b", "m3", 5, 6, 201, row("b", "m3"));
     }},
    {"a write that is there twice", "it was done more than once",
     [](Case& one) {
       rest(one);
       one.commit(5, "b", "m2");
     }},
    {"a write that was answered as not done", "it was answered as not done, and it was done",
     [](Case& one) {
       one.write(Deed::create, "a", "m1", 1, 3, 503);
       one.write(Deed::replace, "a", "m2", 3, 5, 200, row("a", "m2", "s1")).asked.wishes[0].slot = "s1";
     }},
    {"an answer before the commit", "it was answered before it was committed",
     [](Case& one) {
       one.write(Deed::create, "a", "m1", 0, 1, 201, row("a", "m1", "s1"));
       one.write(Deed::replace, "a", "m2", 3, 5, 200, row("a", "m2", "s1")).asked.wishes[0].slot = "s1";
     }},
    {"somebody else's answer", "the answer is another row",
     [](Case& one) {
       rest(one);
       one.ask(Deed::read, "b", 4, 5, 200, row("a", "m2", "s1"));
     }},
    {"a row that is older than what was told before", "the row was never like this meanwhile",
     [](Case& one) {
       rest(one);
       one.ask(Deed::read, "a", 5, 6, 200, row("a", "m1", "s1"));
     }},
    {"a row that was there", "the row was there all the time",
     [](Case& one) {
       rest(one);
       one.ask(Deed::read, "a", 5, 6, 404);
     }},
    {"a list of two moments", "the table was never like this list meanwhile",
     [](Case& one) {
       rest(one);
       one.ask(Deed::list, "", 1, 6, 200, "[" + row("a", "m1", "s1") + "," + row("a", "m2", "s1") + "]");
     }},
    {"a conflict with nobody", "it was in conflict with no other row",
     [](Case& one) {
       rest(one);
       one.write(Deed::create, "c", "m3", 5, 6, 409).asked.wishes[0].slot = "s2";
     }},
    {"a conflict with a row that has the slot is none", "",
     [](Case& one) {
       rest(one);
       one.write(Deed::create, "c", "m3", 5, 6, 409).asked.wishes[0].slot = "s1";
     }},
    {"a refusal of values that are right", "its values are right",
     [](Case& one) {
       rest(one);
       one.write(Deed::create, "c", "m3", 5, 6, 422);
     }},
    {"a version that was not demanded", "it changed a version that If-Match did not name",
     [](Case& one) {
       one.write(Deed::create, "a", "m1", 1, 3, 201, row("a", "m1", "s1")).asked.wishes[0].slot = "s1";
       auto& change = one.write(Deed::replace, "a", "m2", 3, 5, 200, row("a", "m2", "s1"));
       change.asked.wishes[0].slot = "s1";
       change.asked.if_mark = "m0";
     }},
    {"a refusal of the right version", "the row had the version that If-Match names all the time",
     [](Case& one) {
       rest(one);
       one.write(Deed::change, "a", "m3", 5, 6, 412).asked.if_mark = "m2";
     }},
    {"a removal that did not happen", "the answered removal is lost",
     [](Case& one) {
       rest(one);
       one.ask(Deed::remove, "a", 5, 6, 204);
     }},
    {"one removal for two who were told so", "the answered removal is lost",
     [](Case& one) {
       rest(one);
       one.deleted(6, "a");
       one.ask(Deed::remove, "a", 5, 7, 204);
       one.ask(Deed::remove, "a", 5, 8, 204);
     }},
    {"a removal that nobody asked for",
     "row a of notes was deleted, and nobody who could have asked for it was told",
     [](Case& one) {
       rest(one);
       one.deleted(6, "a");
     }},
    {"an answer that is not the row that was written", "the answer is not the row that was written",
     [](Case& one) {
       rest(one);
       one.last().answered.body = row("a", "m2", "s2");
     }},
    {"a row that is not what was asked for", "what was written is not what was asked for",
     [](Case& one) {
       rest(one);
       one.last().asked.wishes[0].slot = "s2";
     }},
    {"a mark of nobody", "a row has the mark m77, which nobody gave it",
     [](Case& one) {
       rest(one);
       one.commit(6, "z", "m77");
     }},
    {"a status that no server should give", "no read is answered so",
     [](Case& one) {
       rest(one);
       one.ask(Deed::read, "a", 5, 6, 500);
     }},
};

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

TEST_CASE("what several writes did in one commit is right, and is seen at once") {
  Case one;
  one.commit(2, "a", "m1").commit(2, "b", "m2");
  one.write(Deed::create, "a", "m1", 1, 3, 201, row("a", "m1"));
  one.write(Deed::create, "b", "m2", 1, 3, 201, row("b", "m2"));
  one.commit(4, "c", "m4").commit(4, "a", "m3").deleted(4, "b");
  one.write(Deed::change, "a", "m3", 3, 5, 200, row("a", "m3"));
  one.ask(Deed::remove, "b", 3, 5, 204);
  one.write(Deed::create, "c", "m4", 3, 5, 201, row("c", "m4"));
  one.ask(Deed::list, "", 3, 5, 200, "[" + row("a", "m1") + "," + row("b", "m2") + "]");
  one.ask(Deed::list, "", 3, 5, 200, "[" + row("a", "m3") + "," + row("c", "m4") + "]");
  CHECK(one.verdict() == "");
  one.ask(Deed::list, "", 3, 5, 200, "[" + row("a", "m3") + "," + row("b", "m2") + "]");
  CHECK(one.verdict() == "the table was never like this list meanwhile");
}

TEST_CASE("what a client pipelines behind a write does not begin before its commit") {
  Case one;
  one.commit(2, "a", "m1").commit(4, "a", "m2");
  one.write(Deed::create, "a", "m1", 1, 5, 201, row("a", "m1")).asked.client = 1;
  one.write(Deed::replace, "a", "m2", 1, 5, 200, row("a", "m2")).asked.client = 1;
  one.ask(Deed::read, "a", 1, 5, 200, row("a", "m1")).asked.client = 1;
  CHECK(one.verdict() == "the row was never like this meanwhile");
}

TEST_CASE("what no single execution can have given is found") {
  const auto planted = GENERATE(from_range(planted_cases));
  CAPTURE(planted.name);
  Case one;
  one.commit(2, "a", "m1", "s1").commit(4, "a", "m2", "s1");
  planted.plant(one);
  CHECK(one.verdict() == planted.wrong);
}
