#include <re2/re2.h>

#include <memory>
#include <string>
#include <tuple>

#include <catch2/catch.hpp>

#include "helpers/schema_bodies.hpp"

using namespace troupe;
using namespace troupe::tests;
using schema::Column;
using schema::Type;
using schema::TypeKind;
using namespace std::string_literals;

namespace {

Type integer(int bits) {
  Type type = type_of(TypeKind::integer);
  type.bits = bits;
  return type;
}

Type real(int bits) {
  Type type = type_of(TypeKind::real);
  type.bits = bits;
  return type;
}

Type numeric(int precision, int scale) {
  Type type = type_of(TypeKind::numeric);
  type.precision = precision;
  type.scale = scale;
  return type;
}

Type varchar(int characters) {
  Type type = type_of(TypeKind::text);
  type.max_characters = characters;
  return type;
}

Type mood() {
  Type type = type_of(TypeKind::enumeration);
  type.labels = {"sad", "ok", "happy"};
  return type;
}

Type array_of(Type element) {
  Type type = type_of(TypeKind::array);
  type.element = {std::move(element)};
  return type;
}

/// A case: a column's type, a value as JSON writes it, and what it becomes: the element, or "!" and the
/// fault.
struct Case {
  Type type;
  std::string value, expected;
};

std::vector<Case> numbers() {
  return {
      {type_of(TypeKind::boolean), "true", "t"},
      {type_of(TypeKind::boolean), "1", "!bool_type"},
      {integer(16), "32767", "32767"},
      {integer(16), "-32768", "-32768"},
      {integer(16), "32768", "!less_than_equal"},
      {integer(16), "-32769", "!greater_than_equal"},
      {integer(32), "-2147483648", "-2147483648"},
      {integer(32), "2147483648", "!less_than_equal"},
      {integer(64), "9223372036854775807", "9223372036854775807"},
      {integer(64), "-9223372036854775808", "-9223372036854775808"},
      {integer(64), "9223372036854775808", "!less_than_equal"},
      {integer(64), "1.0", "1"},
      {integer(64), "-2e3", "-2000"},
      {integer(64), "0.0", "0"},
      {integer(64), "1.5", "!int_type"},
      {integer(64), "1e-3", "!int_type"},
      {integer(64), "-1e300", "!greater_than_equal"},
      {integer(64), "\"1\"", "!int_type"},
      {integer(64), "true", "!int_type"},
      {real(64), "0.1", "0.1"},
      {real(64), "9007199254740993", "9007199254740992.0"},
      {real(64), "\"NaN\"", "nan"},
      {real(64), "\"-Infinity\"", "-inf"},
      {real(64), "\"1\"", "!float_type"},
      {real(32), "1e39", "!less_than_equal"},
      {real(32), "-1e39", "!greater_than_equal"},
      {real(32), "1e-50", "0.0"},
      {real(32), "1.5", "1.5"},
      {type_of(TypeKind::numeric), "\"123456789012345678901234567890.10\"",
       "123456789012345678901234567890.10"},
      {type_of(TypeKind::numeric), "\"NaN\"", "NaN"},
      {type_of(TypeKind::numeric), "\"1e131071\"", "1e131071"},
      {type_of(TypeKind::numeric), "\"1e131072\"", "!decimal_whole_digits"},
      {type_of(TypeKind::numeric), "\"1e-16383\"", "1e-16383"},
      {type_of(TypeKind::numeric), "\"1e-16384\"", "!decimal_max_places"},
      {type_of(TypeKind::numeric), "\"1e99999999999999999999\"", "!decimal_whole_digits"},
      {type_of(TypeKind::numeric), "\"+1\"", "!decimal_parsing"},
      {type_of(TypeKind::numeric), "\"\"", "!decimal_parsing"},
      {type_of(TypeKind::numeric), "true", "!decimal_type"},
      {numeric(5, 2), "999.99", "999.99"},
      {numeric(5, 2), "\"999.994\"", "999.994"},
      {numeric(5, 2), "\"999.995\"", "!decimal_whole_digits"},
      {numeric(5, 2), "-1000", "!decimal_whole_digits"},
      {numeric(5, 2), "\"0.00001e7\"", "0.00001e7"},
      {numeric(5, 2), "\"NaN\"", "NaN"},
      {numeric(5, 2), "\"Infinity\"", "!finite_number"},
      {numeric(2, 4), "\"0.0099\"", "0.0099"},
      {numeric(2, 4), "\"0.00995\"", "!decimal_whole_digits"},
      {numeric(2, 4), "\"0.01\"", "!decimal_whole_digits"},
      {numeric(2, -3), "\"99499\"", "99499"},
      {numeric(2, -3), "\"99500\"", "!decimal_whole_digits"},
  };
}

std::vector<Case> texts() {
  return {
      {varchar(3), "\"äöü\"", "äöü"},
      {varchar(3), "\"äöüx\"", "!string_too_long"},
      {varchar(3), "1", "!string_type"},
      {type_of(TypeKind::uuid), "\"123E4567-e89b-12d3-a456-426614174000\"",
       "123E4567-e89b-12d3-a456-426614174000"},
      {type_of(TypeKind::uuid), "\"123e4567e89b12d3a456426614174000\"", "123e4567e89b12d3a456426614174000"},
      {type_of(TypeKind::uuid), "\"123e4567-e89b-12d3-a456-42661417400\"", "!uuid_parsing"},
      {type_of(TypeKind::uuid), "\"123e4567-e89b-12d3-a456-42661417400g\"", "!uuid_parsing"},
      {mood(), "\"ok\"", "ok"},
      {mood(), "\"OK\"", "!enum"},
      {mood(), "1", "!enum"},
      {type_of(TypeKind::other), "\"[1,2)\"", "[1,2)"},
      {type_of(TypeKind::other), "\"\\u0000\"", "!value_error"},
      {type_of(TypeKind::other), "1", "!string_type"},
      {type_of(TypeKind::bytes), "\"AAEC/w==\"", "\0\1\2\xFF"s},
      {type_of(TypeKind::bytes), "\"AAEC/w\"", "\0\1\2\xFF"s},
      {type_of(TypeKind::bytes), "\"\"", ""},
      {type_of(TypeKind::bytes), "\"AAEC/\"", "!base64_decode"},
      {type_of(TypeKind::bytes), "\"A*==\"", "!base64_decode"},
      {type_of(TypeKind::bytes), "1", "!bytes_type"},
  };
}

std::vector<Case> times() {
  return {
      {type_of(TypeKind::date), "\"2024-02-29\"", "2024-02-29"},
      {type_of(TypeKind::date), "\"2023-02-29\"", "!date_parsing"},
      {type_of(TypeKind::date), "\"1900-02-29\"", "!date_parsing"},
      {type_of(TypeKind::date), "\"0001-02-29 BC\"", "0001-02-29 BC"},
      {type_of(TypeKind::date), "\"0000-01-01\"", "!date_parsing"},
      {type_of(TypeKind::date), "\"294276-12-31\"", "294276-12-31"},
      {type_of(TypeKind::date), "\"-infinity\"", "-infinity"},
      {type_of(TypeKind::date), "\"01/02/2024\"", "!date_parsing"},
      {type_of(TypeKind::date), "20240101", "!date_type"},
      {type_of(TypeKind::time), "\"23:59:60.123456\"", "23:59:60.123456"},
      {type_of(TypeKind::time), "\"24:00:00\"", "24:00:00"},
      {type_of(TypeKind::time), "\"24:00:01\"", "!time_parsing"},
      {type_of(TypeKind::time), "\"12:60\"", "!time_parsing"},
      {type_of(TypeKind::time), "\"12:00Z\"", "!time_parsing"},
      {type_of(TypeKind::timestamp), "\"2024-01-02T03:04:05.1234567891234\"",
       "2024-01-02T03:04:05.1234567891234"},
      {type_of(TypeKind::timestamp), "\"2024-01-02 24:00:00\"", "2024-01-02 24:00:00"},
      {type_of(TypeKind::timestamp), "\"2024-01-02T03:04:05Z\"", "!datetime_parsing"},
      {type_of(TypeKind::timestamp), "\"2024-01-02\"", "!datetime_parsing"},
      {type_of(TypeKind::timestamptz), "\"2024-01-02T03:04:05Z\"", "2024-01-02T03:04:05Z"},
      {type_of(TypeKind::timestamptz), "\"2024-01-02T03:04:05.5-03:30\"", "2024-01-02T03:04:05.5-03:30"},
      {type_of(TypeKind::timestamptz), "\"0044-03-15 12:00:00+00 BC\"", "0044-03-15 12:00:00+00 BC"},
      {type_of(TypeKind::timestamptz), "\"infinity\"", "infinity"},
      {type_of(TypeKind::timestamptz), "\"2024-01-02T03:04:05\"", "!datetime_parsing"},
      {type_of(TypeKind::timestamptz), "\"2024-01-02T03:04:05+16:00\"", "!datetime_parsing"},
      {type_of(TypeKind::interval), "\"1 day 02:00\"", "1 day 02:00"},
      {type_of(TypeKind::interval), "\"\"", "!time_delta_parsing"},
      {type_of(TypeKind::interval), "7", "!time_delta_type"},
  };
}

std::vector<Case> nested() {
  const Type json = type_of(TypeKind::json, "jsonb");
  const Type bytes = type_of(TypeKind::bytes);
  return {
      {json, R"({"a":[1,2.5,{"b":null}],"c":"\"\\\n","d":{},"e":[],"f":true})",
       R"({"a":[1,2.5,{"b":null}],"c":"\"\\\n","d":{},"e":[],"f":true})"},
      {json, "\"text\"", "\"text\""},
      {json, "-1.5", "-1.5"},
      {json, "false", "false"},
      {json, "[\"\\u0000\"]", "!value_error"},
      {json, "\"\\u0000\"", "!value_error"},
      {json, R"("\\u0000")", R"("\\u0000")"},
      {type_of(TypeKind::json, "json"), "[\"\\u0000\"]", "[\"\\u0000\"]"},
      {array_of(integer(32)), "[1,null,-3]", "{1,NULL,-3}"},
      {array_of(integer(32)), "[]", "{}"},
      {array_of(integer(32)), "[[1,2],[3,4]]", "{{1,2},{3,4}}"},
      {array_of(integer(32)), "[[1,2],[3]]", "!list_type"},
      {array_of(integer(32)), "[[1],2]", "!list_type"},
      {array_of(integer(32)), "[1,[2]]", "!list_type"},
      {array_of(integer(32)), "[[]]", "!list_type"},
      {array_of(integer(32)), "[[[[[[[1]]]]]]]", "!list_type"},
      {array_of(integer(32)), "[1,\"2\"]", "!int_type"},
      {array_of(integer(32)), "[{}]", "!int_type"},
      {array_of(integer(32)), "{}", "!list_type"},
      {array_of(integer(32)), "1", "!list_type"},
      {array_of(real(64)), "[1,0.5,\"NaN\"]", "{1.0,0.5,NaN}"},
      {array_of(type_of(TypeKind::boolean)), "[true,false]", "{t,f}"},
      {array_of(type_of(TypeKind::text)), R"(["a\"b\\c","NULL","",null,"{,}"])",
       R"({"a\"b\\c","NULL","",NULL,"{,}"})"},
      {array_of(json), R"([[1,{"a":"b"}],null,"x"])", R"({"[1,{\"a\":\"b\"}]",NULL,"\"x\""})"},
      {array_of(bytes), R"(["\\xdeAD"])", R"({"\\xdeAD"})"},
      {array_of(bytes), R"(["3q0="])", "!bytes_type"},
  };
}

std::string text_of(const std::string& outcome) {
  if (outcome.starts_with("1: ")) return outcome.substr(3);
  return outcome.starts_with("body.v ") ? "!" + outcome.substr(7) : outcome;
}

Column nullable(Type type) {
  return column_of("v", std::move(type));
}

}  // namespace

TEST_CASE("every type takes what it can hold and names the fault of what it cannot") {
  const auto format = GENERATE(ContentFormat::json, ContentFormat::msgpack);
  for (const auto& cases : {numbers(), texts(), times(), nested()}) {
    for (const Case& one : cases) {
      const auto resource = resource_of(nullable(one.type));
      const std::string json = R"({"v":)" + one.value + "}";
      CAPTURE(json, one.type.kind);
      CHECK(text_of(created(resource, format, body_in(format, json))) == one.expected);
      CHECK(text_of(changed(resource, format, body_in(format, json))) == one.expected);
      CHECK(text_of(created(resource, format, body_in(format, R"({"v":null})"))) == "null");
      auto strict = nullable(one.type);
      strict.nullable = false;
      CHECK(text_of(changed(resource_of(strict), format, body_in(format, R"({"v":null})"))).starts_with("!"));
    }
  }
}

TEST_CASE("JSON's numbers keep all their digits where the column does") {
  const auto [kind, value, expected] = GENERATE(table<TypeKind, std::string, std::string>({
      {TypeKind::numeric, "123456789012345678901234567890.10", "123456789012345678901234567890.10"},
      {TypeKind::numeric, "-0.00000000000000000000000000000000000001",
       "-0.00000000000000000000000000000000000001"},
      {TypeKind::numeric, "1234567890123456", "1234567890123456"},
      {TypeKind::numeric, "1E+5", "1E+5"},
      {TypeKind::numeric, "NaN", "NaN"},
      {TypeKind::numeric, "-Infinity", "-Infinity"},
      {TypeKind::real, "-0.0", "-0.0"},
      {TypeKind::real, "1e400", "!finite_number"},
      {TypeKind::real, "NaN", "nan"},
      {TypeKind::real, "-Infinity", "-inf"},
      {TypeKind::json, "[12345678901234567890.12345678901234567890]",
       "[12345678901234567890.12345678901234567890]"},
      {TypeKind::json, "[NaN]", "!json_type"},
      {TypeKind::json, "NaN", "!json_type"},
      {TypeKind::json, "[1e999]", "[1e999]"},
      {TypeKind::json, "[\"\\ud800\"]", "!string_unicode"},
      {TypeKind::text, "NaN", "!string_type"},
      {TypeKind::integer, "NaN", "!int_type"},
  }));
  const auto resource = resource_of(nullable(type_of(kind, "jsonb")));
  CHECK(text_of(created(resource, ContentFormat::json, R"({"v":)" + value + "}")) == expected);
}

TEST_CASE("a column's rules are held, bounds by their decimal digits") {
  auto column = nullable(numeric(10, 2));
  column.rules.min = "-0.10";
  column.rules.max = "1e3";
  const auto [value, expected] = GENERATE(table<std::string, std::string>({
      {"-0.1", "-0.1"},
      {"-0.1000001", "!greater_than_equal"},
      {"1000.000", "1000.000"},
      {"1000.001", "!less_than_equal"},
      {"0", "0"},
  }));
  CHECK(text_of(created(resource_of(column), ContentFormat::json, R"({"v":)" + value + "}")) == expected);

  auto text = nullable(varchar(5));
  text.rules.pattern = std::make_shared<re2::RE2>("^[a-z]+$");
  CHECK(text_of(created(resource_of(text), ContentFormat::json, R"({"v":"abc"})")) == "abc");
  CHECK(text_of(created(resource_of(text), ContentFormat::json, R"({"v":"aBc"})")) ==
        "!string_pattern_mismatch");
}

TEST_CASE("faults name the limit, the labels and the place in an array") {
  const auto [type, value, expected] = GENERATE(table<Type, std::string, std::string>({
      {integer(16), "40000", "v must be less than or equal to 32767"},
      {numeric(5, 2), "1000", "v must have at most 3 digits before the decimal point"},
      {mood(), "\"x\"", "v must be sad, ok or happy"},
      {array_of(integer(32)), "[1,2,true]", "v [2] must be an integer or null"},
      {array_of(integer(32)), "[[1,2],[3,true]]", "v [1][1] must be an integer or null"},
  }));
  const auto resource = resource_of(nullable(type));
  const auto rows = schema::read_new_rows(resource, ContentFormat::json, R"({"v":)" + value + "}", 1);
  REQUIRE_FALSE(rows.has_value());
  CHECK(rows.error().faults.at(0).msg == expected);
}

TEST_CASE("MessagePack's bin is for bytes, wherever they may be") {
  const std::string body = "\x81\xA1v\xC4\x03\x00\x01\xFF"s;
  const auto read = [&](const Type& type, const std::string& bytes) {
    return text_of(created(resource_of(nullable(type)), ContentFormat::msgpack, bytes));
  };
  const std::string listed = "\x81\xA1v\x91\xC4\x03\x00\x01\xFF"s;
  CHECK(read(type_of(TypeKind::bytes), body) == "\0\1\xFF"s);
  CHECK(read(type_of(TypeKind::json, "jsonb"), body) == R"("AAH/")");
  CHECK(read(type_of(TypeKind::json, "jsonb"), listed) == R"(["AAH/"])");
  CHECK(read(array_of(type_of(TypeKind::bytes)), listed) == R"({"\\x0001ff"})");
  CHECK(read(array_of(type_of(TypeKind::text)), listed) == "!string_type");
  CHECK(read(type_of(TypeKind::bytes), "\x81\xA1v\xD4\x05\x00"s) == "!bytes_type");
  CHECK(read(type_of(TypeKind::json), "\x81\xA1v\x91\xD4\x05\x00"s) == "!json_type");
}

TEST_CASE("texts of paths and queries are parsed strictly") {
  const auto [type, text, expected] = GENERATE(table<Type, std::string, std::string>({
      {type_of(TypeKind::boolean), "True", "t"},
      {type_of(TypeKind::boolean), "0", "f"},
      {type_of(TypeKind::boolean), "yes", "!bool_parsing"},
      {integer(32), "-5", "-5"},
      {integer(32), "+5", "!int_parsing"},
      {integer(32), "5.0", "!int_parsing"},
      {integer(32), "2147483648", "!less_than_equal"},
      {integer(64), "-99999999999999999999", "!greater_than_equal"},
      {real(64), "1e3", "1000.0"},
      {real(64), "NaN", "nan"},
      {real(64), "-Infinity", "-inf"},
      {real(64), "1e400", "!finite_number"},
      {real(64), "x", "!float_parsing"},
      {type_of(TypeKind::numeric), "1.10", "1.10"},
      {type_of(TypeKind::numeric), "x", "!decimal_parsing"},
      {varchar(1), "longer than stored", "longer than stored"},
      {varchar(1), "\xFF", "!string_unicode"},
      {varchar(1), "\0"s, "!value_error"},
      {type_of(TypeKind::uuid), "1", "!uuid_parsing"},
      {type_of(TypeKind::date), "2024-01-01", "2024-01-01"},
      {mood(), "happy", "happy"},
      {mood(), "x", "!enum"},
      {type_of(TypeKind::bytes), "AAH/", "\0\1\xFF"s},
      {array_of(integer(32)), "{1,2}", "{1,2}"},
  }));
  const auto resource = resource_of(nullable(type));
  const Column& column = resource.columns.front();
  std::string out;
  const auto fault = column.codec->parse(text, column, out);
  std::string_view rest = out;
  CHECK((fault ? "!" + fault->type : take_element(rest, column.wire_form())) == expected);
  CHECK(rest.empty());
}
