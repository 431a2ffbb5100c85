#include <boost/json/parse.hpp>
#include <cmath>
#include <limits>
#include <msgpack.hpp>
#include <random>
#include <string>
#include <tuple>

#include <catch2/catch.hpp>

#include "helpers/item_bodies.hpp"
#include "items/body_parser.hpp"
#include "items/codec.hpp"

using namespace troupe::items;
using namespace troupe::tests;
using troupe::ContentFormat;
using troupe::FieldFault;
using namespace std::string_literals;

TEST_CASE("a whole item is read from both forms") {
  const auto format = GENERATE(ContentFormat::json, ContentFormat::msgpack);
  const auto [body, expected] = GENERATE(table<std::string, NewItem>({
      {R"({"name":"Lamp","price":19.99})", {"Lamp", std::nullopt, 19.99, true}},
      {R"({"name":"Lamp","description":"bright","price":0,"in_stock":false})", {"Lamp", "bright", 0, false}},
      {R"({"name":"L","description":null,"price":1e3,"in_stock":true})", {"L", std::nullopt, 1000, true}},
      {R"({"name":"L","description":"","price":18446744073709551615})",
       {"L", "", 18446744073709551615.0, true}},
      {R"({"id":"ignored","name":"L","price":1,"more":{"name":[1,{"price":2}]}})",
       {"L", std::nullopt, 1, true}},
      {R"( { "price" : 2 , "name" : "a\nb \"c\" \\ \u00e4 \ud83d\ude00" } )",
       {"a\nb \"c\" \\ ä 😀", std::nullopt, 2, true}},
      {with_name(repeated("😀", max_name_length)), {repeated("😀", max_name_length), std::nullopt, 1, true}},
      {R"({"name":"L","price":1,"description":")" + repeated("ä", max_description_length) + "\"}",
       {"L", repeated("ä", max_description_length), 1, true}},
  }));
  const auto item = read_new_item(format, body_in(format, body));
  CAPTURE(body, faults_of(item));
  REQUIRE(item.has_value());
  CHECK(*item == expected);
}

TEST_CASE("every fault of an item is reported at once, in the order of the fields") {
  const auto format = GENERATE(ContentFormat::json, ContentFormat::msgpack);
  const auto [body, expected] = GENERATE(table<std::string, std::string>({
      {"{}", "body.name missing; body.price missing"},
      {R"({"name":"a"})", "body.price missing"},
      {R"({"in_stock":1,"price":true,"description":2,"name":3})",
       "body.name string_type; body.description string_type; body.price float_type; body.in_stock bool_type"},
      {R"({"name":null,"price":null,"in_stock":null})",
       "body.name string_type; body.price float_type; body.in_stock bool_type"},
      {R"({"name":["a"],"price":{"a":1},"description":false,"in_stock":"true"})",
       "body.name string_type; body.description string_type; body.price float_type; body.in_stock bool_type"},
      {R"({"name":"","price":-1})", "body.name string_too_short; body.price greater_than_equal"},
      {with_price("\"1.5\""), "body.price float_type"},
      {with_price("-0.01"), "body.price greater_than_equal"},
      {with_price("-1.5e-300"), "body.price greater_than_equal"},
      {with_price("-9223372036854775808"), "body.price greater_than_equal"},
      {with_price("1e999"), "body.price finite_number"},
      {with_price("-1e999"), "body.price finite_number"},
      {with_name(std::string(max_name_length + 1, 'x')), "body.name string_too_long"},
      {with_name(repeated("😀", max_name_length + 1)), "body.name string_too_long"},
      {R"({"name":"a","price":1,"description":")" + repeated("ä", max_description_length + 1) + "\"}",
       "body.description string_too_long"},
      {with_name("a\\u0000b"), "body.name value_error"},
      {with_name("\\u0000" + std::string(max_name_length, 'x')),
       "body.name string_too_long; body.name value_error"},
      {R"({"name":"a","price":1,"description":"\u0000"})", "body.description value_error"},
      {with_name("bad \xC3( utf-8"), "body.name string_unicode"},
      {with_name("\xED\xA0\x80"), "body.name string_unicode"},
      {R"({"name":"a","price":1,"description":"cut )"
       "\xE2\x82\"}",
       "body.description string_unicode"},
  }));
  CAPTURE(body);
  CHECK(faults_of(read_new_item(format, body_in(format, body))) == expected);
}

TEST_CASE("a fault says what is wrong and what is allowed") {
  const auto item =
      read_new_item(ContentFormat::json, R"({"name":"","description":1,"price":-1,"in_stock":0})");
  REQUIRE_FALSE(item.has_value());
  std::vector<std::string> messages;
  for (const FieldFault& fault : item.error().faults) messages.push_back(fault.msg);
  CHECK(messages == std::vector<std::string>{
                        "name must have at least 1 character", "description must be a string or null",
                        "price must be greater than or equal to 0", "in_stock must be true or false"});
}

TEST_CASE("a body that is no object is invalid as a whole") {
  const auto format = GENERATE(ContentFormat::json, ContentFormat::msgpack);
  const auto body = GENERATE(as<std::string>(), "[]", "[{\"name\":\"a\",\"price\":1}]", "1", "1.5", "null",
                             "true", "\"text\"", "\"\"");
  CAPTURE(body);
  CHECK(faults_of(read_new_item(format, body_in(format, body))) == "body model_attributes_type");
  CHECK(faults_of(read_item_change(format, body_in(format, body))) == "body model_attributes_type");
}

TEST_CASE("a change sets the given fields and leaves the others") {
  const auto format = GENERATE(ContentFormat::json, ContentFormat::msgpack);
  const auto [body, expected] = GENERATE(table<std::string, ItemChange>({
      {"{}", {}},
      {R"({"unknown":1,"id":2})", {}},
      {R"({"name":"b"})", {"b", {}, {}, {}}},
      {R"({"description":null})", {{}, std::optional<std::string>(), {}, {}}},
      {R"({"description":"d"})", {{}, std::optional<std::string>("d"), {}, {}}},
      {R"({"price":2.5})", {{}, {}, 2.5, {}}},
      {R"({"in_stock":false})", {{}, {}, {}, false}},
  }));
  const auto change = read_item_change(format, body_in(format, body));
  CAPTURE(body);
  REQUIRE(change.has_value());
  CHECK(*change == expected);
}

TEST_CASE("a change is held to the same rules as an item, and null is for the description only") {
  const auto format = GENERATE(ContentFormat::json, ContentFormat::msgpack);
  const auto [body, expected] = GENERATE(table<std::string, std::string>({
      {R"({"name":null})", "body.name string_type"},
      {R"({"price":null})", "body.price float_type"},
      {R"({"in_stock":null})", "body.in_stock bool_type"},
      {R"({"name":"","price":-1,"in_stock":"x","description":7})",
       "body.name string_too_short; body.description string_type; body.price greater_than_equal; "
       "body.in_stock bool_type"},
  }));
  CHECK(faults_of(read_item_change(format, body_in(format, body))) == expected);
}

TEST_CASE("minus zero is stored as zero") {
  const auto format = GENERATE(ContentFormat::json, ContentFormat::msgpack);
  const auto price = GENERATE(as<std::string>(), "-0.0", "-0", "-1e-999");
  const auto item = read_new_item(format, body_in(format, with_price(price)));
  REQUIRE(item.has_value());
  CHECK(item->price == 0);
  CHECK_FALSE(std::signbit(item->price));
}

TEST_CASE("JSON numbers are read exactly") {
  // Boost.JSON 1.81 reads some of these one unit in the last place off.
  const auto [text, expected] = GENERATE(table<std::string, double>({
      {"19.99", 19.99},
      {"0.1", 0.1},
      {"123456789012345678901234567890", 123456789012345678901234567890.0},
      {"9007199254740993", 9007199254740992.0},
      {"0.30000000000000004", 0.30000000000000004},
      {"1.7976931348623157e308", 1.7976931348623157e308},
      {"2.2250738585072011e-308", 2.2250738585072011e-308},
      {"5e-324", 5e-324},
  }));
  const auto item = read_new_item(ContentFormat::json, with_price(text));
  CAPTURE(text);
  REQUIRE(item.has_value());
  CHECK(item->price == expected);
}

TEST_CASE("what Python's json.dumps writes beyond JSON is a fault of its field, not malformed") {
  const auto [body, expected] = GENERATE(table<std::string, std::string>({
      {with_price("NaN"), "body.price finite_number"},
      {with_price("Infinity"), "body.price finite_number"},
      {with_price("-Infinity"), "body.price finite_number"},
      {with_price(" NaN "), "body.price finite_number"},
      {with_price("1e99999999999999999999"), "body.price finite_number"},
      {with_price(std::string(400, '9')), "body.price finite_number"},
      {R"({"name":NaN,"price":1})", "body.name string_type"},
      {with_name("lone \\ud800"), "body.name string_unicode"},
      {with_name("\\udc00\\ud800"), "body.name string_unicode"},
      {with_name("\\ud800\\u0041"), "body.name string_unicode"},
      {R"({"name":"\udfff","price":NaN,"in_stock":2})",
       "body.name string_unicode; body.price finite_number; body.in_stock bool_type"},
  }));
  CAPTURE(body);
  CHECK(faults_of(read_new_item(ContentFormat::json, body)) == expected);
}

TEST_CASE("the fault of a price that is not finite says so") {
  const auto price = GENERATE(as<std::string>(), "NaN", "Infinity", "-Infinity", "1e999");
  const auto item = read_new_item(ContentFormat::json, with_price(price));
  REQUIRE_FALSE(item.has_value());
  CHECK(item.error().faults ==
        std::vector<FieldFault>{{{"body", "price"}, "price must be finite", "finite_number"}});
}

TEST_CASE("NaN in an unknown field and a tiny number are no faults") {
  const auto body =
      GENERATE(as<std::string>(), R"({"name":"a","price":1,"rating":NaN})",
               R"({"name":"a","price":1e-99999999999})", R"({"name":"a","price":1,"x":"\ud800"})");
  CHECK(read_new_item(ContentFormat::json, body).has_value());
}

TEST_CASE("a text that is no JSON is malformed") {
  const auto body =
      GENERATE(as<std::string>(), "", " ", "{", "}", R"({"name":"a","price":1)", R"({"name":"a","price":1}})",
               R"({"name":"a","price":1} x)", R"({"name":"a","price":1,})", R"({name:"a","price":1})",
               R"({'name':'a','price':1})", R"({"name":"a","price":01})", R"({"name":"a","price":.5})",
               R"({"name":"a","price":1.})", R"({"name":"a","price":+1})", R"({"name":"a","price":0x1})",
               R"({"name":"a","price":NaNs})", R"({"name":"a","price":1NaN})", R"({"name":"a","price":nan})",
               R"({"name":"a","price":Infinity,})", R"({NaN:1})", R"({"name":"a" "price":1})",
               R"({"name":"\x41","price":1})", R"({"name":"\ud8","price":1})",
               "{\"name\":\"raw\nnewline\",\"price\":1}", R"({"name":"a","price":1}/**/)",
               R"({"name":True,"price":1})", R"({"name":"open,"price":1})", "name=a&price=1");
  CAPTURE(body);
  CHECK(is_malformed(read_new_item(ContentFormat::json, body)));
  CHECK(is_malformed(read_item_change(ContentFormat::json, body)));
}

TEST_CASE("of a repeated key the last value counts") {
  const auto item =
      read_new_item(ContentFormat::json, R"({"name":1,"price":1,"name":"b","price":NaN,"price":3})");
  REQUIRE(item.has_value());
  CHECK(item->name == "b");
  CHECK(item->price == 3);

  msgpack::sbuffer buffer;
  Packer packer(buffer);
  packer.pack_map(3).pack("name"s).pack("a"s).pack("price"s).pack(1).pack("name"s).pack("b"s);
  const auto packed = read_new_item(ContentFormat::msgpack, {buffer.data(), buffer.size()});
  REQUIRE(packed.has_value());
  CHECK(packed->name == "b");
}

TEST_CASE("bodies may nest to the limit and no deeper") {
  const auto format = GENERATE(ContentFormat::json, ContentFormat::msgpack);
  const auto nested = [](std::size_t arrays) {
    return R"({"name":"a","price":1,"x":)" + std::string(arrays, '[') + std::string(arrays, ']') + "}";
  };
  const auto packed = [](std::size_t arrays) {
    return "\x83\xA4name\xA1"s + "a\xA5price\x01\xA1x" + std::string(arrays - 1, '\x91') + '\x90';
  };
  const auto body = [&](std::size_t arrays) {
    return format == ContentFormat::json ? nested(arrays) : packed(arrays);
  };
  CHECK(read_new_item(format, body(max_body_depth - 1)).has_value());  // the object is one level
  CHECK(is_malformed(read_new_item(format, body(max_body_depth))));
  CHECK(is_malformed(read_new_item(format, body(1'000'000))));
}
