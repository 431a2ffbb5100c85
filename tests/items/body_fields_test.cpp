#include "items/body_fields.hpp"

#include <boost/json/memory_resource.hpp>
#include <catch2/catch.hpp>
#include <string>

#include "items/body_parser.hpp"

using namespace troupe;
using namespace troupe::items;

namespace {

/// Counts what is asked of it.
class CountedMemory final : public boost::json::memory_resource {
 public:
  std::size_t bytes = 0;

 private:
  void* do_allocate(std::size_t size, std::size_t) override {
    bytes += size;
    return ::operator new(size);
  }
  void do_deallocate(void* at, std::size_t, std::size_t) override { ::operator delete(at); }
  bool do_is_equal(const boost::json::memory_resource& other) const noexcept override {
    return this == &other;
  }
};

std::string member(int number) {
  return "\"unknown " + std::to_string(number) +
         "\":{\"name\":\"not the item's\",\"more\":[1,2,{\"price\":3}]},";
}

}  // namespace

TEST_CASE("members that an item does not have take no memory, however many and deep they are") {
  std::string body = "{\"name\":\"pen\",";
  for (int i = 0; i < 10'000; ++i) body += member(i);
  body += "\"price\":1.5}";
  CountedMemory memory;
  const auto fields = parse_json(body, &memory);
  REQUIRE(fields.has_value());
  CHECK(memory.bytes < 100);
  REQUIRE(fields->find("name"));
  CHECK(fields->find("name")->get_string() == "pen");
  CHECK(fields->find("price")->get_double() == 1.5);
  CHECK(fields->find("description") == nullptr);
}

TEST_CASE("the last of repeated members counts, in pieces or not, and containers are of no field's type") {
  boost::json::storage_ptr memory;
  const auto fields = parse_json(
      R"({"name":1,"na\u006de":"a\u0062c","price":[1],"price":{"price":7},"in_stock":[],"in_stock":true})",
      memory);
  REQUIRE(fields.has_value());
  CHECK(fields->find("name")->get_string() == "abc");
  CHECK(fields->find("price")->is_array());
  CHECK(fields->find("in_stock")->get_bool());
}

TEST_CASE("only an object has fields") {
  const std::string body = GENERATE(as<std::string>{}, "[{\"name\":\"a\"}]", "\"name\"", "1", "null", "[]");
  const auto fields = parse_json(body, {});
  REQUIRE(fields.has_value());
  CHECK_FALSE(fields->is_object());
  CHECK(fields->find("name") == nullptr);
}

TEST_CASE("a byte order mark in front of JSON is ignored, one within it is not") {
  CHECK(parse_json("\xEF\xBB\xBF{\"name\":\"a\"}", {})->find("name")->get_string() == "a");
  CHECK(parse_json("\xEF\xBB\xBF\xEF\xBB\xBF{}", {}).has_error());
  CHECK(parse_json("\xEF\xBB\xBF", {}).has_error());
}
