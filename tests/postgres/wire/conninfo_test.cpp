#include "postgres/wire/conninfo.hpp"

#include <libpq-fe.h>

#include <catch2/catch.hpp>
#include <map>
#include <memory>

using namespace troupe::postgres;

namespace {

/// What libpq reads a connection string as.
std::map<std::string, std::string> read(const std::string& conninfo) {
  const std::unique_ptr<PQconninfoOption, decltype(&PQconninfoFree)> options(
      PQconninfoParse(conninfo.c_str(), nullptr), &PQconninfoFree);
  REQUIRE(options != nullptr);
  std::map<std::string, std::string> pairs;
  for (const auto* option = options.get(); option->keyword != nullptr; ++option) {
    if (option->val != nullptr) pairs[option->keyword] = option->val;
  }
  return pairs;
}

const std::string url =
    "postgresql://me:it's%20a%5Cw%2Fd@db.example:6543/shop?sslmode=require&options=-c%20jit%3Doff";

}  // namespace

TEST_CASE("another database of the same server is reached as the first one is") {
  for (const auto& conninfo : {url, std::string("host=h dbname=shop password='a b'"), std::string("")}) {
    auto expected = read(conninfo);
    expected["dbname"] = "it's \"other\\";
    CHECK(read(*with_database(conninfo, "it's \"other\\")) == expected);
  }
}

TEST_CASE("sessions that only read keep the options that they have") {
  CHECK(read(*read_only(url))["options"] == "-c jit=off -c default_transaction_read_only=on");
  CHECK(read(*read_only("dbname=shop"))["options"] == "-c default_transaction_read_only=on");
}

TEST_CASE("what libpq cannot read is refused") {
  CHECK_FALSE(with_database("no equals sign", "x").has_value());
  CHECK_FALSE(read_only("postgresql://[::1").has_value());
}
