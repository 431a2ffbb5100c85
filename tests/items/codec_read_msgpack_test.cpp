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

TEST_CASE("bytes that are no MessagePack are malformed") {
  const auto body = GENERATE(values<std::string>({
      "",
      "\xC1",                           // never used
      "\x82\xA4name\xA1",               // cut short
      "\x81\xA4name",                   // a value is missing
      "\x80\x80",                       // something follows
      "\xDF\xFF\xFF\xFF\xFF",           // a map of 2^32-1 pairs, none there
      "\xDF\xFF\xFF\xFF\xFF\xA1k\x01",  // the same, one there
      "\xDD\xFF\xFF\xFF\xFF\x01",       // an array of 2^32-1 elements
      "\xDB\xFF\xFF\xFF\xFFtext",       // a string of 4 GiB
      "\xC6\xFF\xFF\xFF\xFF",           // binary of 4 GiB
      "\xC9\xFF\xFF\xFF\xFF\x01",       // an extension of 4 GiB
      "\x81\x01\x01",                   // a key that is no string
      "\x81\x90\x01",                   // an array as a key
      "\x81\x80\x01",                   // a map as a key
      "\x81\xC0\x01",                   // nil as a key
      "\x81\xC4\x01k\x01",              // binary as a key
      R"({"name":"a","price":1})",      // JSON: the digit of its first byte, then more
  }));
  CHECK(is_malformed(read_new_item(ContentFormat::msgpack, body)));
}

TEST_CASE("no prefix of a MessagePack body is taken for the whole") {
  const std::string body =
      body_in(ContentFormat::msgpack,
              R"({"name":"Lamp","description":"x","price":19.99,"in_stock":true,"y":[1,{"z":-200}]})");
  REQUIRE(read_new_item(ContentFormat::msgpack, body).has_value());
  for (std::size_t size = 0; size < body.size(); ++size) {
    CAPTURE(size);
    CHECK(is_malformed(read_new_item(ContentFormat::msgpack, body.substr(0, size))));
  }
}

TEST_CASE("MessagePack's own types are judged like JSON's") {
  msgpack::sbuffer buffer;
  Packer packer(buffer);
  packer.pack_map(5);
  packer.pack("name"s);
  packer.pack_bin(1).pack_bin_body("a", 1);
  packer.pack("price"s);
  packer.pack(std::numeric_limits<float>::quiet_NaN());
  packer.pack("in_stock"s);
  packer.pack_ext(0, 5);
  packer.pack("unknown"s);
  packer.pack_ext(4, -1).pack_ext_body("time", 4);
  packer.pack("description"s).pack(""s);
  CHECK(faults_of(read_new_item(ContentFormat::msgpack, {buffer.data(), buffer.size()})) ==
        "body.name string_type; body.price finite_number; body.in_stock bool_type");
}

TEST_CASE("a price may be any number type of MessagePack") {
  const auto [price, expected] = GENERATE(table<std::string, double>({
      {"\x05", 5},
      {"\xCC\xFF", 255},
      {"\xCD\x01\x00"s, 256},
      {"\xCE\x00\x01\x00\x00"s, 65536},
      {"\xCF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF", 18446744073709551615.0},
      {"\xD0\x05", 5},
      {"\xD3\x00\x00\x00\x00\x00\x00\x00\x07"s, 7},
      {"\xCA\x3F\xC0\x00\x00"s, 1.5},
      {"\xCB\x3F\xF8\x00\x00\x00\x00\x00\x00"s, 1.5},
  }));
  const auto item = read_new_item(ContentFormat::msgpack,
                                  "\x82\xA4name\xA1"
                                  "a\xA5price" +
                                      price);
  REQUIRE(item.has_value());
  CHECK(item->price == expected);
}

TEST_CASE("random bytes and damaged bodies never do worse than an error") {
  const auto format = GENERATE(ContentFormat::json, ContentFormat::msgpack);
  const std::string valid = body_in(
      format,
      R"({"name":"Lämp \ud83d\ude00","description":null,"price":19.99,"in_stock":true,"y":[1,{"z":-2e5}]})");
  std::mt19937 random(1);
  const auto byte = [&] { return static_cast<char>(random() & 0xFF); };
  int readable = 0;
  for (int round = 0; round < 20'000; ++round) {
    std::string body = valid;
    for (auto damage = random() % 3; damage != 3; ++damage) body[random() % body.size()] = byte();
    if (random() % 4 == 0) body.resize(random() % body.size());
    const auto item = read_new_item(format, body);
    if (item) ++readable;
    if (item) CHECK((!item->name.empty() && std::isfinite(item->price) && item->price >= 0));
    if (!item) CHECK((item.error().kind == BodyError::Kind::malformed) == item.error().faults.empty());
  }
  CHECK(readable > 0);
}
