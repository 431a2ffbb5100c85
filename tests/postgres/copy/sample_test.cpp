#include "postgres/copy/rows/sample.hpp"

#include <catch2/catch.hpp>

using namespace troupe::postgres;
using Catch::Contains;

namespace {

CopiedTable table(const std::string& name, std::int64_t rows, std::vector<CopiedReference> references = {}) {
  return {.oid = "1",
          .name = name,
          .columns = {"id", "up"},
          .key = {"id"},
          .rows = rows,
          .bytes = 0,
          .references = std::move(references)};
}

CopiedReference up_to(std::size_t parent) {
  return {parent, {"up"}, {"id"}, {"bigint"}};
}

}  // namespace

TEST_CASE("a sample is a number of rows, a share or all, and nothing else") {
  CHECK(read_sample("2000")->rows == 2000);
  CHECK(read_sample("2000")->kind == CopyAmount::Kind::rows);
  CHECK(read_sample("10%")->share == Approx(0.1));
  CHECK(read_sample("100%")->share == 1);
  CHECK(read_sample("all")->share == 1);
  for (const auto* wrong : {"", "0", "0%", "-5", "101%", "ten", "10 %x", "1.5", "%", "All"}) {
    INFO(wrong);
    REQUIRE_FALSE(read_sample(wrong).has_value());
    CHECK_THAT(read_sample(wrong).error().message, Contains("10%") && Contains("all"));
  }
}

TEST_CASE("a number of rows is that of the biggest table, and the share that it makes holds for all") {
  const std::vector tables{table("a", 50), table("b", 4000), table("c", 100)};
  CHECK(share_of({CopyAmount::Kind::rows, 1000, 1}, tables) == Approx(0.25));
  CHECK(share_of({CopyAmount::Kind::rows, 4000, 1}, tables) == 1);
  CHECK(share_of({CopyAmount::Kind::rows, 9000, 1}, tables) == 1);
  CHECK(share_of({CopyAmount::Kind::share, 0, 0.5}, tables) == 0.5);
  CHECK(share_of({CopyAmount::Kind::rows, 10, 1}, {}) == 1);
}

TEST_CASE("rows follow the biggest table that they refer to, and small tables are whole") {
  const std::vector tables{table("statuses", 3), table("customers", 5000), table("products", 2000),
                           table("orders", 90000, {up_to(0), up_to(2), up_to(1)}),
                           table("lines", 400000, {up_to(3), up_to(2)})};
  const auto queries = sample_queries(tables, 0.1);
  CHECK(queries[0] == "SELECT t.id, t.up FROM statuses t");
  CHECK_THAT(queries[1], Contains("hashtextextended(t.id::text, 0)") && !Contains(" IN ("));
  CHECK_THAT(queries[3],
             Contains("(t.up) IN (SELECT t.id FROM customers t WHERE hash") && !Contains("products"));
  CHECK_THAT(queries[4],
             Contains("(t.up) IN (SELECT t.id FROM orders t WHERE (t.up) IN (SELECT t.id FROM customers"));
  for (const auto& query : sample_queries(tables, 1)) CHECK(query.find("WHERE") == std::string::npos);
}

TEST_CASE("keys that run in circles come to an end") {
  const std::vector tables{table("a", 9000, {up_to(1), up_to(0)}), table("b", 9000, {up_to(0)})};
  for (const auto& query : sample_queries(tables, 0.1)) CHECK_THAT(query, Contains("hashtextextended"));
}
