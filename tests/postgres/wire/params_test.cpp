#include <algorithm>
#include <catch2/catch.hpp>

#include "postgres/wire/params.hpp"

using troupe::postgres::Oid;
using troupe::postgres::Params;

namespace {
std::string bytes(const Params& params, std::size_t index) {
  return {params.values()[index], static_cast<std::size_t>(params.lengths()[index])};
}
std::string operator""_b(const char* text, std::size_t size) {
  return {text, size};
}
}  // namespace

TEST_CASE("parameters have the bytes of PostgreSQL's binary formats") {
  Params params;
  params.add_int8(-2);
  params.add_binary(Oid::boolean, "\x01"_b);
  params.add_binary(Oid::float8, "\x3f\xf0\0\0\0\0\0\0"_b);
  params.add_text("");
  params.add_int8_array(std::vector<std::int64_t>{});
  const auto false_and_null = "\0\0\0\1\0\xff\xff\xff\xff"_b;
  std::ranges::copy(false_and_null,
                    params.add_array(Oid::bool_array, Oid::boolean, 2, false_and_null.size()));
  CHECK(bytes(params, 0) == "\xff\xff\xff\xff\xff\xff\xff\xfe"_b);
  CHECK(bytes(params, 1) == "\x01"_b);
  CHECK(bytes(params, 2) == "\x3f\xf0\0\0\0\0\0\0"_b);
  CHECK(bytes(params, 3).empty());
  CHECK(params.values()[3] != nullptr);  // libpq takes a null pointer for NULL
  CHECK(bytes(params, 4) == "\0\0\0\0\0\0\0\0\0\0\0\x14"_b);
  CHECK(bytes(params, 5) == "\0\0\0\1\0\0\0\1\0\0\0\x10\0\0\0\2\0\0\0\1\0\0\0\1\0\xff\xff\xff\xff"_b);
  CHECK(params.types()[5] == Oid::bool_array);
  CHECK(params.formats().size() == params.size());
  CHECK(params.formats()[5] == 1);
}

TEST_CASE("cleared parameters start again in the memory they have") {
  Params params;
  params.add_text(std::string(1000, 'x'));
  const char* before = params.values()[0];
  params.clear();
  CHECK(params.size() == 0);
  CHECK(params.types().empty());
  CHECK(params.formats().empty());
  params.add_text("shorter");
  CHECK(params.values()[0] == before);
  CHECK(bytes(params, 0) == "shorter");
}
