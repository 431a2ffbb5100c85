#include <boost/json/parse.hpp>
#include <msgpack.hpp>
#include <random>
#include <string>
#include <tuple>

#include <catch2/catch.hpp>

#include "helpers/schema_bodies.hpp"

using namespace troupe;
using namespace troupe::tests;
using namespace std::string_literals;

namespace {

const schema::Resource goods = items_resource();

}  // namespace

TEST_CASE("a new row is read from both forms, with a mask of what is there") {
  const auto format = GENERATE(ContentFormat::json, ContentFormat::msgpack);
  const auto [body, expected] = GENERATE(table<std::string, std::string>({
      {R"({"name":"Lamp","price":19.99})", "5: Lamp|null|19.99|null"},
      {R"({"name":"Lamp","description":"bright","price":0,"in_stock":false})", "15: Lamp|bright|0.0|f"},
      {R"({"name":"L","description":null,"price":1e3,"in_stock":true})", "15: L|null|1000.0|t"},
      {R"({"name":"L","description":"","price":18446744073709551615})", "7: L||1.8446744073709552e+19|null"},
      {R"({"id":"ignored","name":"L","price":1,"more":{"name":[1,{"price":2}]}})", "5: L|null|1.0|null"},
      {R"( { "price" : 2 , "name" : "a\nb \"c\" \\ \u00e4 \ud83d\ude00" } )",
       "5: a\nb \"c\" \\ ä 😀|null|2.0|null"},
      {with_name(repeated("😀", 100)), "5: " + repeated("😀", 100) + "|null|1.0|null"},
      {with_price("-0.0"), "5: a|null|0.0|null"},
      {with_price("-1e-999"), "5: a|null|0.0|null"},
  }));
  CHECK(created(goods, format, body_in(format, body)) == expected);
  CHECK(replaced(goods, format, body_in(format, body)) == expected);
}

TEST_CASE("every fault of a row is reported at once, in the order of the columns") {
  const auto format = GENERATE(ContentFormat::json, ContentFormat::msgpack);
  const auto [body, expected] = GENERATE(table<std::string, std::string>({
      {"{}", "body.name missing; body.price missing"},
      {R"({"in_stock":1,"price":true,"description":2,"name":3})",
       "body.name string_type; body.description string_type; body.price float_type; body.in_stock bool_type"},
      {R"({"name":null,"price":null,"in_stock":null})",
       "body.name string_type; body.price float_type; body.in_stock bool_type"},
      {R"({"name":["a"],"price":{"a":1},"description":false,"in_stock":"true"})",
       "body.name string_type; body.description string_type; body.price float_type; body.in_stock bool_type"},
      {R"({"name":"","price":-1})", "body.name string_too_short; body.price greater_than_equal"},
      {with_price("\"1.5\""), "body.price float_type"},
      {with_price("\"NaN\""), "body.price float_type"},
      {with_price("-1.5e-300"), "body.price greater_than_equal"},
      {with_price("1e999"), "body.price finite_number"},
      {with_price("-1e999"), "body.price finite_number"},
      {with_name(std::string(101, 'x')), "body.name string_too_long"},
      {R"({"name":"a","price":1,"description":")" + repeated("ä", 2001) + "\"}",
       "body.description string_too_long"},
      {with_name("a\\u0000b"), "body.name value_error"},
      {with_name("bad \xC3( utf-8"), "body.name string_unicode"},
  }));
  CAPTURE(body);
  CHECK(created(goods, format, body_in(format, body)) == expected);
  CHECK(replaced(goods, format, body_in(format, body)) == expected);
}

TEST_CASE("a fault says what is wrong and what is allowed") {
  const auto rows = schema::read_new_rows(goods, ContentFormat::json,
                                          R"({"name":"","description":1,"price":-1,"in_stock":0})", 1);
  REQUIRE_FALSE(rows.has_value());
  std::vector<std::string> messages;
  for (const FieldFault& fault : rows.error().faults) messages.push_back(fault.msg);
  CHECK(rows.error().detail == "the item is not valid");
  CHECK(messages == std::vector<std::string>{
                        "name must have at least 1 character", "description must be a string or null",
                        "price must be greater than or equal to 0", "in_stock must be true or false"});
}

TEST_CASE("a change requires nothing and is held to the same rules") {
  const auto format = GENERATE(ContentFormat::json, ContentFormat::msgpack);
  const auto [body, expected] = GENERATE(table<std::string, std::string>({
      {"{}", "0: null|null|null|null"},
      {R"({"unknown":1,"id":2})", "0: null|null|null|null"},
      {R"({"name":"b"})", "1: b|null|null|null"},
      {R"({"description":null})", "2: null|null|null|null"},
      {R"({"in_stock":false})", "8: null|null|null|f"},
      {R"({"name":null})", "body.name string_type"},
      {R"({"price":null})", "body.price float_type"},
      {"[]", "body model_attributes_type"},
      {"1.5", "body model_attributes_type"},
      {"\"\"", "body model_attributes_type"},
  }));
  CHECK(changed(goods, format, body_in(format, body)) == expected);
}

TEST_CASE("an array makes rows, whose faults tell which row it is") {
  const auto format = GENERATE(ContentFormat::json, ContentFormat::msgpack);
  const auto [body, expected] = GENERATE(table<std::string, std::string>({
      {"[]", ""},
      {R"([{"name":"a","price":1},{"name":"b","price":2,"in_stock":true}])",
       "5: a|null|1.0|null; 13: b|null|2.0|t"},
      {R"([{"name":"a","price":1},{"name":"b"},7,[{"name":1}],null])",
       "body.1.price missing; body.2 model_attributes_type; body.3 model_attributes_type; "
       "body.4 model_attributes_type"},
      {"[{},{},{},{},{},{}]", "the body has more than 5 rows"},
      {"[1,1,1,1,1,1]", "the body has more than 5 rows"},
      {"7", "body model_attributes_type"},
  }));
  CHECK(created(goods, format, body_in(format, body), 5) == expected);
}

TEST_CASE("what Python's json.dumps writes beyond JSON is a fault of its field, not malformed") {
  const auto [body, expected] = GENERATE(table<std::string, std::string>({
      {with_price("NaN"), "body.price finite_number"},
      {with_price("-Infinity"), "body.price finite_number"},
      {with_price("1e99999999999999999999"), "body.price finite_number"},
      {with_price(std::string(400, '9')), "body.price finite_number"},
      {R"({"name":NaN,"price":1})", "body.name string_type"},
      {with_name("lone \\ud800"), "body.name string_unicode"},
      {R"({"name":"\udfff","price":NaN,"in_stock":2})",
       "body.name string_unicode; body.price finite_number; body.in_stock bool_type"},
      {R"({"name":"a","price":1,"rating":NaN})", "5: a|null|1.0|null"},
      {R"({"name":"a","price":1,"x":"\ud800"})", "5: a|null|1.0|null"},
      {R"({"name":1,"price":1,"n\u0061me":"b\u0062","price":NaN,"price":3})", "5: bb|null|3.0|null"},
      {"\xEF\xBB\xBF{\"name\":\"a\",\"price\":1}", "5: a|null|1.0|null"},
  }));
  CHECK(created(goods, ContentFormat::json, body) == expected);
}

TEST_CASE("a text that is no JSON is malformed") {
  const auto body =
      GENERATE(as<std::string>(), "", " ", "{", "}", "\xEF\xBB\xBF", R"({"name":"a","price":1)",
               R"({"name":"a","price":1}})", R"({"name":"a","price":1} x)", R"({"name":"a","price":1,})",
               R"({name:"a","price":1})", R"({"name":"a","price":01})", R"({"name":"a","price":.5})",
               R"({"name":"a","price":NaNs})", R"({NaN:1})", R"({"name":"\x41","price":1})",
               R"({"name":"a","price":1}/**/)", "name=a&price=1", "[{}", R"([{"name":"a","price":1},])");
  CAPTURE(body);
  CHECK(is_malformed(schema::read_new_rows(goods, ContentFormat::json, body, 9)));
  CHECK(is_malformed(schema::read_change(goods, ContentFormat::json, body)));
}

TEST_CASE("a text that is no JSON is told the line and the column where it stops being some") {
  const auto [body, place] = GENERATE(table<std::string, std::string>({
      {R"({"name":"L" "price":1})", "syntax error at line 1, column 13"},
      {"{\n  \"name\": \"ä😀\", oops", "syntax error at line 2, column 17"},
      {R"({"name":"L")", "incomplete JSON at line 1, column 12"},
      {R"({"name":"L","price":1} x)", "extra data at line 1, column 24"},
  }));
  const auto rows = schema::read_new_rows(goods, ContentFormat::json, body, 1);
  REQUIRE_FALSE(rows.has_value());
  CHECK(rows.error().detail == "the body is not JSON: " + place);
}

TEST_CASE("bytes that are no MessagePack are malformed") {
  const auto body = GENERATE(values<std::string>({
      "",
      "\xC1",
      "\x82\xA4name\xA1",
      "\x81\xA4name",
      "\x80\x80",
      "\xDF\xFF\xFF\xFF\xFF",
      "\xDD\xFF\xFF\xFF\xFF\x01",
      "\xDB\xFF\xFF\xFF\xFFtext",
      "\x81\x01\x01",
      "\x81\x90\x01",
      "\x81\x80\x01",
      "\x81\xC0\x01",
      "\x81\xC4\x01k\x01",
      R"({"name":"a","price":1})",
  }));
  CHECK(is_malformed(schema::read_new_rows(goods, ContentFormat::msgpack, body, 9)));
}

TEST_CASE("MessagePack's own types are judged like JSON's") {
  msgpack::sbuffer buffer;
  Packer packer(buffer);
  packer.pack_map(5);
  packer.pack("name"s).pack_bin(1).pack_bin_body("a", 1);
  packer.pack("price"s).pack(std::numeric_limits<float>::quiet_NaN());
  packer.pack("in_stock"s).pack_ext(0, 5);
  packer.pack("unknown"s).pack_ext(4, -1).pack_ext_body("time", 4);
  packer.pack("description"s).pack(""s);
  CHECK(created(goods, ContentFormat::msgpack, {buffer.data(), buffer.size()}) ==
        "body.name string_type; body.price finite_number; body.in_stock bool_type");
}

TEST_CASE("bodies may nest to the limit and no deeper") {
  const auto format = GENERATE(ContentFormat::json, ContentFormat::msgpack);
  const auto body = [&](std::size_t arrays) {
    if (format == ContentFormat::msgpack) {
      return "\x83\xA4name\xA1"s + "a\xA5price\x01\xA1x" + std::string(arrays - 1, '\x91') + '\x90';
    }
    return R"({"name":"a","price":1,"x":)" + std::string(arrays, '[') + std::string(arrays, ']') + "}";
  };
  CHECK(created(goods, format, body(schema::max_body_depth - 1)) == "5: a|null|1.0|null");
  CHECK(is_malformed(schema::read_new_rows(goods, format, body(schema::max_body_depth), 1)));
  CHECK(is_malformed(schema::read_new_rows(goods, format, body(1'000'000), 1)));
}

TEST_CASE("a great many members that are no columns are read and leave nothing behind") {
  std::string body = "{\"name\":\"pen\",";
  for (int i = 0; i < 1 << 15; ++i) {
    body += "\"" + std::to_string(i * 16) + "\":{\"name\":\"not the item's\",\"more\":[1,2,{\"price\":3}]},";
  }
  const auto rows = schema::read_new_rows(goods, ContentFormat::json, body + "\"price\":1.5}", 1);
  REQUIRE(rows.has_value());
  CHECK(shown(*rows, goods, goods.insertable()) == "5: pen|null|1.5|null");
}

TEST_CASE("a wide table has a mask for every 63 columns") {
  schema::Resource wide;
  for (int i = 0; i < 130; ++i) {
    wide.columns.push_back(column_of("c" + std::to_string(i), type_of(schema::TypeKind::integer)));
  }
  wide.finish();
  CHECK(schema::Masks::words_for(wide.insertable().size()) == 3);
  const std::string row = created(wide, ContentFormat::json, R"({"c0":7,"c62":8,"c63":9,"c129":1,"c130":2})");
  CHECK(row.starts_with("4611686018427387905: 1: 8: 7|null|"));
  CHECK(row.ends_with("|null|1"));
  for (std::size_t i = 0; i < wide.columns.size(); ++i) CHECK(wide.find(wide.columns[i].name) == i);
  CHECK_FALSE(wide.find("").has_value());
  CHECK_FALSE(wide.find("c130").has_value());
}

TEST_CASE("a key is set only where clients choose it, and never changed") {
  schema::Resource resource;
  resource.columns = {column_of("k", type_of(schema::TypeKind::text), false),
                      column_of("v", type_of(schema::TypeKind::integer))};
  resource.key = {0};
  resource.client_key = resource.columns[0].writable = GENERATE(true, false);
  resource.finish();
  CHECK(resource.insertable().size() == (resource.client_key ? 2 : 1));
  CHECK(resource.updatable() == std::vector<std::size_t>{1});
  const std::string row = created(resource, ContentFormat::json, R"({"k":"a","v":1})");
  CHECK(row == (resource.client_key ? "3: a|1" : "1: 1"));
}

TEST_CASE("random bytes and damaged bodies never do worse than an error") {
  const auto format = GENERATE(ContentFormat::json, ContentFormat::msgpack);
  schema::Resource resource = items_resource();
  schema::Type list = type_of(schema::TypeKind::array);
  list.element = {type_of(schema::TypeKind::real)};
  resource.columns.push_back(column_of("y", type_of(schema::TypeKind::json)));
  resource.columns.push_back(column_of("z", list));
  resource.finish();
  const std::string valid = body_in(
      format, R"([{"name":"Lä \ud83d\ude00","price":19.99,"y":[1,{"z":-2e5,"q":["\n"]}],"z":[[1],[null]]}])");
  std::mt19937 random(1);
  int readable = 0;
  for (int round = 0; round < 20'000; ++round) {
    std::string body = valid;
    for (auto damage = random() % 3; damage != 3; ++damage) {
      body[random() % body.size()] = static_cast<char>(random() & 0xFF);
    }
    if (random() % 4 == 0) body.resize(random() % body.size());
    const auto rows = schema::read_new_rows(resource, format, body, 9);
    if (rows) ++readable;
    if (rows) shown(*rows, resource, resource.insertable());
    if (!rows) CHECK((rows.error().kind == schema::BodyError::Kind::invalid) != rows.error().faults.empty());
  }
  CHECK(readable > 0);
}
