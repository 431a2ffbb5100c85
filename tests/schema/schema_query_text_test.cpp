#include <algorithm>
#include <catch2/catch.hpp>
#include <iterator>
#include <random>
#include <sstream>
#include <string>
#include <vector>

#include "helpers/query_text_properties.hpp"
#include "schema/query/query_text.hpp"

using namespace troupe::schema;

namespace {

/// The statement and its names, "sql | a b"; of a fault where it is and what is told.
std::string read(const std::string& text) {
  const auto read = read_query_text(text);
  if (const auto* fault = std::get_if<QueryTextFault>(&read))
    return std::to_string(fault->at) + ": " + fault->message;
  const auto& query = std::get<QueryText>(read);
  auto out = query.sql + " |";
  for (const auto& name : query.names) out += ' ' + name;
  return out;
}

}  // namespace

TEST_CASE("a name behind a colon is a parameter, and the same name is the same one") {
  const auto [text, expected] = GENERATE(table<std::string, std::string>({
      {"SELECT :a", "SELECT $1 | a"},
      {"SELECT :b, :a_1, :b", "SELECT $1, $2, $1 | b a_1"},
      {"SELECT x FROM t WHERE at>=:since::date", "SELECT x FROM t WHERE at>=$1::date | since"},
      {"SELECT :ä", "SELECT $1 | ä"},
      {":a:b", "$1$2 | a b"},
      {"SELECT t[1::b], t[:lo : :hi]", "SELECT t[1::b], t[$1 : $2] | lo hi"},
      {"SELECT t[1:a], x FROM t", "SELECT t[1$1], x FROM t | a"},
      {"SELECT -- to here\r :a", "SELECT -- to here\r $1 | a"},
      {"SELECT E'a' -- on\n  '\\':a' || :b", "SELECT E'a' -- on\n  '\\':a' || $1 | b"},
      {"SELECT 1 ;  \n", "SELECT 1 |"},
      {"SELECT 1 -- the end", "SELECT 1 |"},
      {"SELECT 1; /* over */ -- :x", "SELECT 1 |"},
  }));
  CHECK(read(text) == expected);
}

TEST_CASE("what only looks like a parameter is none") {
  const auto text = GENERATE(as<std::string>(), "SELECT ':a'", "SELECT 'it''s :a'", R"(SELECT E'\':a')",
                             R"(SELECT e'\\' || 'x')", R"(SELECT "a:b", "a"":c")", "SELECT $$:a$$",
                             "SELECT $t$ $$ :a $u$ $t$", "SELECT $ä$:a$ä$", "SELECT /* :a /* :b */ :c */ 1",
                             "SELECT -- :a\n 1", "SELECT 1::int", "SELECT f(a := 1)", "SELECT a[1:2]",
                             "SELECT x FROM t WHERE a : 1", "SELECT a$1:: text", "SELECT name'it' ",
                             R"(SELECT 'a\' || ':b')");
  const auto end = text.find_last_not_of(' ') + 1;
  CHECK(read(text) == text.substr(0, end) + " |");
}

TEST_CASE("a text that is no single statement is refused where it goes wrong") {
  const auto [text, expected] = GENERATE(table<std::string, std::string>({
      {"", "0: there is no statement"},
      {"  -- nothing\n", "0: there is no statement"},
      {" ;", "1: there is no statement in front of this semicolon"},
      {"SELECT 1; SELECT 2", "10: a query is one statement: another one begins here"},
      {"SELECT 1; :a", "10: a query is one statement: another one begins here"},
      {R"(SELECT U&"d\0061t")", "7: write a name as it is, not with Unicode escapes"},
      {"SELECT $1", "7: parameters have names: write :name for $1"},
      {"SELECT 'x", "7: the string that begins here has no closing quote"},
      {"SELECT E'x\\'", "7: the string that begins here has no closing quote"},
      {"SELECT \"x", "7: the name that begins here has no closing quote"},
      {"SELECT $a$x$$", "7: the string that begins here has no closing $a$"},
      {"SELECT /* /* */", "7: the comment that begins here does not end"},
      {std::string("SELECT \0", 8), "7: a query holds no U+0000"},
  }));
  CHECK(read(text) == expected);
}

TEST_CASE("words and operators of a statement are told, but not those of strings and comments") {
  const auto query = std::get<QueryText>(read_query_text(
      R"(SELECT Now(), "Now", "a""b" @@ x || :p /* random */ FROM t -- y
         WHERE 'c' <> $$d$$ OR E'\'e'
           'f\'g' = h)"));
  CHECK(query.words ==
        std::vector<std::string>{"Now", "a\"b", "from", "h", "now", "or", "select", "t", "where", "x"});
  CHECK(query.operators == std::vector<std::string>{"<>", "=", "@@", "||"});
  CHECK(query.has_word("now"));
  CHECK_FALSE(query.has_word("random"));
}

TEST_CASE("parameters can be written in another way") {
  const auto query = std::get<QueryText>(read_query_text("SELECT :a + :b * :a"));
  CHECK(query.with([&](std::size_t name) { return "p." + query.names[name]; }) == "SELECT p.a + p.b * p.a");
  CHECK(query.with([](std::size_t name) { return "$" + std::to_string(name + 1); }) == query.sql);
}

TEST_CASE("a byte of the statement is found again in the text as it was written") {
  const std::string text = "SELECT :long_name + :b + x";
  const auto query = std::get<QueryText>(read_query_text(text));
  REQUIRE(query.sql == "SELECT $1 + $2 + x");
  CHECK(query.written_at(0) == 0);
  CHECK(query.written_at(query.sql.find('$')) == text.find(':'));
  CHECK(query.written_at(query.sql.find("$2")) == text.find(":b"));
  CHECK(query.written_at(query.sql.find('+')) == text.find('+'));
  CHECK(query.written_at(query.sql.find('x')) == text.find('x'));
}

TEST_CASE("a parameter right behind a word does not become part of it") {
  const std::string text = "SELECT t[lo:hi] FROM t";
  const auto query = std::get<QueryText>(read_query_text(text));
  CHECK(query.sql == "SELECT t[lo $1] FROM t");
  CHECK(query.written_at(query.sql.find('$')) == text.find(':'));
  CHECK(query.written_at(query.sql.find(']')) == text.find(']'));
  CHECK(query.with([](std::size_t) { return "p.c1"; }) == "SELECT t[lo p.c1] FROM t");
}

TEST_CASE("operators and words are those that PostgreSQL sees") {
  const auto [text, operators, words] = GENERATE(table<std::string, std::string, std::string>({
      {"a=-1", "= -", "a"},              // two operators,
      {"a@-1", "@-", "a"},               // but one with a sign that SQL has none of
      {"a*/* */-b", "* -", "a b"},       // a comment ends an operator
      {"a != b", "<>", "a b"},           // two names of one operator
      {"1.5e+3 + .5e-3", "+", ""},       // signs of exponents are none
      {"U&'\\0061' || N'x'", "||", ""},  // prefixes of strings are no words
      {"1..B", "", "b"},
  }));
  const auto query = std::get<QueryText>(read_query_text(text));
  const auto joined = [](const std::vector<std::string>& all) {
    std::string out;
    for (const auto& one : all) out += (out.empty() ? "" : " ") + one;
    return out;
  };
  CAPTURE(text);
  std::istringstream in(operators);
  std::vector<std::string> wanted{std::istream_iterator<std::string>(in), {}};
  std::ranges::sort(wanted);
  CHECK(query.operators == wanted);
  CHECK(joined(query.words) == words);
}

TEST_CASE("any bytes are read as PostgreSQL's own rules have it") {
  const std::vector<std::string> pieces{
      "'",  "''", "\"", "$$", "$a$",  "$a",  ":",  "::", ":=", ":a", ":b1", "--",   "\n", "\r", "/*",
      "*/", "E'", "e",  "\\", "U&\"", "U&'", "N'", ";",  "1",  "e5", "1.5", "x",    " ",  "$1", "$",
      "ä",  "[",  "]",  "=",  "-",    "!=",  "@",  "+",  "*",  "/",  ".",   "\xFF", "\t", "(",  "SELECT "};
  std::mt19937_64 random(12);
  std::size_t with_parameters = 0;
  for (int i = 0; i < 6'000; ++i) {
    std::string text;
    for (auto left = 1 + random() % 14; left > 0; --left) text += pieces[random() % pieces.size()];
    const auto broken = troupe::tests::broken_query_text_property(text);
    if (!broken.empty()) FAIL(broken << ": " << text);
    const auto read = read_query_text(text);
    const auto* query = std::get_if<QueryText>(&read);
    with_parameters += query != nullptr && !query->places.empty() ? 1 : 0;
  }
  CHECK(with_parameters > 300);  // it is not that all of them are refused
}
