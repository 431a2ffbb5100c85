#include "http/api/pages/value_html.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <string>
#include <tuple>

#include "helpers/schema_bodies.hpp"
#include "http/api/pages/html.hpp"
#include "schema/text.hpp"
#include "support/random.hpp"

using namespace troupe;
using namespace troupe::http;
using namespace troupe::tests;
using schema::TypeKind;
using namespace std::string_literals;

namespace {

schema::Column column_of_kind(TypeKind kind, bool as_string = false) {
  auto column = column_of("v", type_of(kind));
  column.as_string = as_string;
  schema::finish_column(column);
  return column;
}

std::string shown(TypeKind kind, std::string_view wire, bool as_string = false) {
  std::string out;
  append_value(column_of_kind(kind, as_string), wire, out);
  return out;
}

std::string shown_short(TypeKind kind, schema::Cell cell) {
  std::string out;
  append_short_value(column_of_kind(kind), cell, out);
  return out;
}

/// What a browser makes of it: the five entities and the carriage return's number.
std::string read_back(std::string_view html) {
  constexpr std::pair<std::string_view, char> entities[] = {
      {"&amp;", '&'}, {"&lt;", '<'}, {"&gt;", '>'}, {"&quot;", '"'}, {"&#39;", '\''}, {"&#13;", '\r'}};
  std::string text;
  while (!html.empty()) {
    std::size_t length = 1;
    char byte = html.front();
    for (const auto& [entity, meant] : entities) {
      if (!html.starts_with(entity)) continue;
      length = entity.size();
      byte = meant;
    }
    text += byte;
    html.remove_prefix(length);
  }
  return text;
}

const std::string hostile_value = R"(</td><script>alert("1 & 2")</script>'<!--)";
const std::string harmless =
    "&lt;/td&gt;&lt;script&gt;alert(&quot;1 &amp; 2&quot;)&lt;/script&gt;&#39;&lt;!--";

}  // namespace

TEST_CASE("a value of every kind of type is text in HTML, and never markup") {
  const auto [kind, wire, expected] = GENERATE(table<TypeKind, std::string, std::string>({
      {TypeKind::boolean, "\1", "true"},
      {TypeKind::boolean, "\0"s, "false"},
      {TypeKind::integer, "\xFF\xFE", "-2"},
      {TypeKind::integer, "\x80\0\0\0\0\0\0\0"s, "-9223372036854775808"},
      {TypeKind::real, "\x40\0\0\0\0\0\0\0"s, "2.0"},
      {TypeKind::real, "\x7F\xF8\0\0\0\0\0\0"s, "NaN"},
      {TypeKind::real, "\xFF\xF0\0\0\0\0\0\0"s, "-Infinity"},
      {TypeKind::numeric, "1.10", "1.10"},
      {TypeKind::numeric, "NaN", "NaN"},
      {TypeKind::text, hostile_value, harmless},
      {TypeKind::text, "", ""},
      {TypeKind::text, "null", "null"},
      {TypeKind::text, "a\r\nb", "a&#13;\nb"},
      {TypeKind::text, "\"quoted\"", "&quot;quoted&quot;"},
      {TypeKind::uuid, "123e4567-e89b-12d3-a456-426614174000", "123e4567-e89b-12d3-a456-426614174000"},
      {TypeKind::date, "2024-01-02", "2024-01-02"},
      {TypeKind::time, "03:04:05", "03:04:05"},
      {TypeKind::timestamp, "2024-01-02 03:04:05.5", "2024-01-02T03:04:05.5"},
      {TypeKind::timestamptz, "2024-01-02 03:04:05+00", "2024-01-02T03:04:05+00:00"},
      {TypeKind::timestamptz, "infinity", "infinity"},
      {TypeKind::interval, "1 day 02:30:00", "1 day 02:30:00"},
      {TypeKind::json, R"({"a":"<b>"})", "{&quot;a&quot;:&quot;&lt;b&gt;&quot;}"},
      {TypeKind::bytes, "\xFF\xEE<", "/+48"},
      {TypeKind::enumeration, hostile_value, harmless},
      {TypeKind::array, R"(["<i>",null])", "[&quot;&lt;i&gt;&quot;,null]"},
      {TypeKind::other, "(<,>)", "(&lt;,&gt;)"},
  }));
  CAPTURE(static_cast<int>(kind), wire);
  CHECK(shown(kind, wire) == expected);
  CHECK(read_back(shown(kind, wire)) == value_text(column_of_kind(kind), wire));
}

TEST_CASE("a number that is a string in JSON is a number on a page") {
  CHECK(shown(TypeKind::integer, "\0\0\0\7"s, true) == "7");
  CHECK(shown(TypeKind::numeric, "1.50", true) == "1.50");
}

TEST_CASE("any bytes come back from HTML as they were, and hold no character that HTML reads") {
  Rng random(GENERATE(range(1U, 20U)));
  std::string text;
  for (int i = 0; i < 300; ++i) text += static_cast<char>(random.below(256));
  const auto html = html_of(text);
  CHECK(html.find_first_of("<>\"'\r") == std::string::npos);
  CHECK(read_back(html) == text);
}

TEST_CASE("null is no text") {
  CHECK(shown_short(TypeKind::text, std::nullopt) == "<i>null</i>");
  CHECK(shown_short(TypeKind::text, "null") == "null");
  CHECK(shown_short(TypeKind::text, "<i>null</i>") == "&lt;i&gt;null&lt;/i&gt;");
}

TEST_CASE("a table shows the front of a long value, cut between characters") {
  const std::string ends = "…";
  std::string letters(short_value, 'x');
  CHECK(shown_short(TypeKind::text, letters) == letters);
  auto more = letters;
  more.push_back('y');
  CHECK(shown_short(TypeKind::text, more) == letters.append(ends));
  std::string umlauts = "a";
  while (umlauts.size() <= short_value) umlauts.append("ü");
  const auto front = shown_short(TypeKind::text, umlauts);
  CHECK(schema::inspect_text(front).valid_utf8);
  CHECK(front.ends_with("ü…"));
  CHECK(front.size() < umlauts.size() + ends.size());
  CHECK(shown_short(TypeKind::text, std::string(short_value + 1, '<')).ends_with("&lt;…"));
  // Bytes are cut where base64 has no rest.
  std::string zeros(short_value / 3 * 4, 'A');
  CHECK(shown_short(TypeKind::bytes, std::string(short_value + 1, '\0')) == zeros.append(ends));
}

TEST_CASE("the front of a text never ends within a character") {
  const std::string text = "aü€😀z";
  for (std::size_t bytes = 0; bytes <= text.size() + 1; ++bytes) {
    CAPTURE(bytes);
    const auto front = front_of(text, bytes);
    CHECK(front.size() <= bytes);
    CHECK(text.starts_with(front));
    CHECK(schema::inspect_text(front).valid_utf8);
    CHECK(front.size() + 4 > std::min(bytes, text.size()));
  }
}
