#include <array>
#include <bit>
#include <boost/json/parse.hpp>
#include <cmath>
#include <limits>
#include <map>
#include <msgpack.hpp>
#include <random>
#include <sstream>
#include <string>
#include <tuple>

#include <catch2/catch.hpp>

#include "items/codec.hpp"

using namespace troupe::items;
using troupe::ContentFormat;

namespace {

template <class... Args>
std::string written(Args&&... args) {
  std::string out;
  write_item(args..., out);
  return out;
}

/// Random valid items: every kind of character that a name may hold, every kind of double that a price may
/// be.
class ItemGenerator {
 public:
  explicit ItemGenerator(unsigned seed) : random_(seed) {}

  Item next() {
    Item item{static_cast<std::int64_t>(random_()), text(1 + random_() % max_name_length), std::nullopt,
              price(), random_() % 2 == 0};
    if (random_() % 4 != 0) item.description = text(random_() % 300);
    return item;
  }

 private:
  std::string text(std::size_t characters) {
    std::string out;
    for (std::size_t i = 0; i < characters; ++i) append_character(out);
    return out;
  }

  void append_character(std::string& out) {
    static const std::vector<std::string> special = {"\"",     "\\",         "/",      "\x7F",      "\u0080",
                                                     "\u07FF", "\u0800",     "\u2028", "\uD7FF",    "\uE000",
                                                     "\uFFFF", "\U00010000", "😀",      "\U0010FFFF"};
    switch (random_() % 4) {
      case 0:
        out += special[random_() % special.size()];
        break;
      case 1:
        out += static_cast<char>(1 + random_() % 0x1F);
        break;
      default:
        out += static_cast<char>(0x20 + random_() % 0x5F);
    }
  }

  double price() {
    using limits = std::numeric_limits<double>;
    static const std::array extremes = {
        0.0,  limits::max(),      limits::min(),        limits::denorm_min(),   0.1, 1e15, 1e16, 1e-4,
        1e-5, 9007199254740993.0, 123456789012345680.0, 2.2250738585072011e-308};
    if (random_() % 3 == 0) return extremes[random_() % extremes.size()];
    if (random_() % 3 == 0) return static_cast<double>(random_() % 1'000'000) / 100;
    for (;;) {
      const double any = std::abs(std::bit_cast<double>(random_()));
      if (std::isfinite(any)) return any;
    }
  }

  std::mt19937_64 random_;
};

NewItem without_id(const Item& item) {
  return {item.name, item.description, item.price, item.in_stock};
}

}  // namespace

TEST_CASE("an item is written as JSON, every field in its place") {
  const auto [item, expected] = GENERATE(table<Item, std::string>({
      {{1, "Lamp", std::nullopt, 19.99, true},
       R"({"id":1,"name":"Lamp","description":null,"price":19.99,"in_stock":true})"},
      {{-9223372036854775807 - 1, "a \"b\"\n", "ä😀", 2, false},
       "{\"id\":-9223372036854775808,\"name\":\"a "
       "\\\"b\\\"\\n\",\"description\":\"ä😀\",\"price\":2.0,\"in_stock\":false}"},
      {{9223372036854775807, "x", "", 1e300, true},
       R"({"id":9223372036854775807,"name":"x","description":"","price":1e+300,"in_stock":true})"},
  }));
  CHECK(written(ContentFormat::json, item) == expected);
}

TEST_CASE("an item is written as a MessagePack map with integer id and float price") {
  const std::string bytes = written(ContentFormat::msgpack, Item{7, "Lamp", std::nullopt, 2, true});
  const auto handle = msgpack::unpack(bytes.data(), bytes.size());
  std::ostringstream text;
  text << handle.get();
  CHECK(text.str() == R"({"id":7,"name":"Lamp","description":null,"price":2,"in_stock":true})");
  CHECK(handle.get().via.map.ptr[3].val.type == msgpack::type::FLOAT64);
}

TEST_CASE("lists are written as arrays, also empty ones, behind what is there") {
  const std::vector<Item> items = {{1, "a", std::nullopt, 1, true}, {2, "b", "c", 2.5, false}};
  std::string out = "x";
  write_items(ContentFormat::json, items, out);
  CHECK(out ==
        "x[" + written(ContentFormat::json, items[0]) + "," + written(ContentFormat::json, items[1]) + "]");
  out = "x";
  write_items(ContentFormat::msgpack, items, out);
  CHECK(out ==
        "x\x92" + written(ContentFormat::msgpack, items[0]) + written(ContentFormat::msgpack, items[1]));
  out.clear();
  write_items(ContentFormat::json, {}, out);
  CHECK(out == "[]");
  out.clear();
  write_items(ContentFormat::msgpack, {}, out);
  CHECK(out == "\x90");
}

TEST_CASE("what is written reads back as the same item") {
  const auto format = GENERATE(ContentFormat::json, ContentFormat::msgpack);
  const auto seed = GENERATE(range(0u, 10u));
  ItemGenerator generator(seed);
  for (int i = 0; i < 300; ++i) {
    const Item item = generator.next();
    const std::string body = written(format, item);
    CAPTURE(seed, i, body);
    const auto read = read_new_item(format, body);
    REQUIRE(read.has_value());
    REQUIRE(*read == without_id(item));
    const auto change = read_item_change(format, body);
    REQUIRE(change.has_value());
    REQUIRE(*change == ItemChange::replace_with(without_id(item)));
  }
}

TEST_CASE("other readers see the same values as ours") {
  ItemGenerator generator(99);
  for (int i = 0; i < 300; ++i) {
    const Item item = generator.next();
    const auto json =
        boost::json::parse(written(ContentFormat::json, item)).as_object();  // throws on what is no JSON
    REQUIRE(json.at("id").to_number<std::int64_t>() == item.id);
    REQUIRE(json.at("name").as_string() == item.name);
    REQUIRE(json.at("price").is_double());
    const std::string bytes = written(ContentFormat::msgpack, item);
    const auto handle = msgpack::unpack(bytes.data(), bytes.size());
    const auto fields = handle.get().as<std::map<std::string, msgpack::object>>();
    REQUIRE(fields.at("id").as<std::int64_t>() == item.id);
    REQUIRE(fields.at("name").as<std::string>() == item.name);
    REQUIRE(fields.at("price").as<double>() == item.price);
    REQUIRE(fields.at("description").is_nil() == !item.description.has_value());
  }
}
