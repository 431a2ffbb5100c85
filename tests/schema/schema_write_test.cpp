#include <msgpack.hpp>
#include <optional>
#include <sstream>
#include <string>
#include <tuple>

#include <catch2/catch.hpp>

#include "helpers/schema_bodies.hpp"
#include "schema/row_writer.hpp"

using namespace troupe;
using namespace troupe::tests;
using schema::Column;
using schema::TypeKind;
using namespace std::string_literals;

namespace {

std::string json_of(TypeKind kind, std::string_view wire, bool as_string = false) {
  auto column = column_of("v", type_of(kind));
  column.as_string = as_string;
  schema::finish_column(column);
  std::string out;
  column.codec->write_json(wire, column, out);
  return out;
}

std::string msgpack_of(TypeKind kind, std::string_view wire) {
  auto column = column_of("v", type_of(kind));
  schema::finish_column(column);
  std::string out;
  column.codec->write_msgpack(wire, column, out);
  return out;
}

}  // namespace

TEST_CASE("what PostgreSQL sent is written as JSON and as MessagePack") {
  const auto [kind, wire, json, packed] = GENERATE(table<TypeKind, std::string, std::string, std::string>({
      {TypeKind::boolean, "\1", "true", "\xC3"},
      {TypeKind::boolean, "\0"s, "false", "\xC2"},
      {TypeKind::integer, "\xFF\xFE", "-2", "\xFE"},
      {TypeKind::integer, "\0\0\1\0"s, "256", "\xCD\1\0"s},
      {TypeKind::integer, "\x80\0\0\0\0\0\0\0"s, "-9223372036854775808", "\xD3\x80\0\0\0\0\0\0\0"s},
      {TypeKind::real, "\x40\0\0\0\0\0\0\0"s, "2.0", "\xCB\x40\0\0\0\0\0\0\0"s},
      {TypeKind::real, "\x7F\xF0\0\0\0\0\0\0"s, "\"Infinity\"", "\xCB\x7F\xF0\0\0\0\0\0\0"s},
      {TypeKind::real, "\xFF\xF0\0\0\0\0\0\0"s, "\"-Infinity\"", "\xCB\xFF\xF0\0\0\0\0\0\0"s},
      {TypeKind::real, "\x7F\xF8\0\0\0\0\0\0"s, "\"NaN\"", "\xCB\x7F\xF8\0\0\0\0\0\0"s},
      {TypeKind::real, "\x3D\xCC\xCC\xCD", "0.1", "\xCA\x3D\xCC\xCC\xCD"},
      {TypeKind::numeric, "1.10", "1.10",
       "\xA4"
       "1.10"},
      {TypeKind::numeric, "NaN", "\"NaN\"", "\xA3NaN"},
      {TypeKind::numeric, "-Infinity", "\"-Infinity\"", "\xA9-Infinity"},
      {TypeKind::text, "a\"\n", R"("a\"\n")",
       "\xA3"
       "a\"\n"},
      {TypeKind::timestamptz, "2024-01-02 03:04:05.5+00", "\"2024-01-02T03:04:05.5+00:00\"",
       "\xBB"
       "2024-01-02T03:04:05.5+00:00"},
      {TypeKind::timestamp, "2024-01-02 03:04:05", "\"2024-01-02T03:04:05\"",
       "\xB3"
       "2024-01-02T03:04:05"},
      {TypeKind::timestamptz, "infinity", "\"infinity\"", "\xA8infinity"},
      {TypeKind::timestamptz, "0044-03-15 12:00:00+00 BC", "\"0044-03-15 12:00:00+00 BC\"",
       "\xB9"
       "0044-03-15 12:00:00+00 BC"},
      {TypeKind::bytes, "\0\1\2\xFF"s, "\"AAEC/w==\"", "\xC4\4\0\1\2\xFF"s},
      {TypeKind::json, R"({"a": [1, -2, 18446744073709551615, 0.5, "b\u0063", null, true]})",
       R"({"a": [1, -2, 18446744073709551615, 0.5, "b\u0063", null, true]})",
       "\xDF\0\0\0\1\xA1"
       "a\xDD\0\0\0\7\1\xFE\xCF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xCB\x3F\xE0\0\0\0\0\0\0\xA2"
       "bc\xC0\xC3"s},
      {TypeKind::json, R"("\ud800")", R"("\ud800")", "\xA8\"\\ud800\""},
      {TypeKind::array, "[]", "[]", "\xDD\0\0\0\0"s},
      {TypeKind::array, "[-0]", "[-0]", "\xDD\0\0\0\1\xCB\x80\0\0\0\0\0\0\0"s},
  }));
  CAPTURE(kind, wire);
  CHECK(json_of(kind, wire) == json);
  CHECK(msgpack_of(kind, wire) == packed);
}

TEST_CASE("exact numbers become strings where a resource says so") {
  CHECK(json_of(TypeKind::numeric, "1.10", true) == "\"1.10\"");
  CHECK(json_of(TypeKind::integer, "\0\0\0\0\0\0\0\7"s, true) == "\"7\"");
}

TEST_CASE("a row is written with the columns that are asked for, in their order") {
  const auto goods = items_resource();
  const std::string id = "\0\0\0\0\0\0\0\7"s;
  const std::string price = "\x40\0\0\0\0\0\0\0"s;
  const std::vector<schema::Cell> cells = {id, "Lamp", std::nullopt, price, "\1"};
  const auto cell = [&](std::size_t i) { return cells[i]; };
  std::string out = "x";
  schema::RowShape(goods).write(ContentFormat::json, cell, out);
  CHECK(out == R"(x{"id":7,"name":"Lamp","description":null,"price":2.0,"in_stock":true})");
  out.clear();
  schema::RowShape(goods).write(ContentFormat::msgpack, cell, out);
  const auto handle = msgpack::unpack(out.data(), out.size());
  std::ostringstream text;
  text << handle.get();
  CHECK(text.str() == R"({"id":7,"name":"Lamp","description":null,"price":2,"in_stock":true})");
  CHECK(handle.get().via.map.ptr[3].val.type == msgpack::type::FLOAT64);

  const std::vector<std::size_t> places = {3, 1};
  const schema::RowShape some(goods, places);
  out.clear();
  some.write(
      ContentFormat::json, [&](std::size_t i) { return cells[places[i]]; }, out);
  CHECK(out == R"({"price":2.0,"name":"Lamp"})");
  CHECK(some.size() == 2);
  CHECK(some.column(1).name == "name");
  out.clear();
  schema::RowShape(goods, std::span<const std::size_t>()).write(ContentFormat::json, cell, out);
  CHECK(out == "{}");
}

TEST_CASE("an array begins with its head") {
  std::string out;
  schema::begin_array(ContentFormat::json, 2, out);
  CHECK(out == "[");
  out.clear();
  schema::begin_array(ContentFormat::msgpack, 2, out);
  CHECK(out == "\x92");
}

TEST_CASE("what is read comes back the same when it is written") {
  const auto format = GENERATE(ContentFormat::json, ContentFormat::msgpack);
  const auto [kind, value] = GENERATE(table<TypeKind, std::string>({
      {TypeKind::boolean, "true"},
      {TypeKind::integer, "-9223372036854775808"},
      {TypeKind::real, "0.30000000000000004"},
      {TypeKind::real, "1e+22"},
      {TypeKind::real, "5e-324"},
      {TypeKind::text, R"("ä😀\" \\ \u0001")"},
      {TypeKind::uuid, "\"123e4567-e89b-12d3-a456-426614174000\""},
      {TypeKind::date, "\"2024-02-29\""},
      {TypeKind::bytes, "\"AAEC/w==\""},
      {TypeKind::json, R"({"a":[1,2.5,{"b":null}],"c":"d"})"},
  }));
  const auto resource = resource_of(column_of("v", type_of(kind)));
  const std::string json = R"({"v":)" + value + "}";
  const auto rows = schema::read_new_rows(resource, format, body_in(format, json), 1);
  REQUIRE(rows.has_value());
  const std::string_view wire = std::string_view(rows->elements).substr(16);  // behind the mask and a length
  std::string out;
  schema::RowShape(resource).write(
      ContentFormat::json, [&](std::size_t) { return schema::Cell(wire); }, out);
  CHECK(out == json);
}
