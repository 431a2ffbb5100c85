#include "sweep/records/cell.hpp"

#include <catch2/catch.hpp>

#include "support/number_formats.hpp"
#include "sweep/records/records.hpp"

using namespace troupe::sweep;

TEST_CASE("a configuration is described by its model and its settings' short names") {
  Configuration configuration;
  REQUIRE(describe(configuration) == "the service as it is");
  configuration.workers = 2;  // of a server of our own
  REQUIRE(describe(configuration) == "the settings in force");
  configuration.settings = {{"database.pool_size", "4"}, {"database.batching", "coalesce"}};
  REQUIRE(describe(configuration) == "batching=coalesce pool_size=4");
  configuration.model = "actors";
  REQUIRE(describe(configuration) == "actors batching=coalesce pool_size=4");
  configuration.settings = {{"a.size", "1"}, {"b.size", "2"}};
  REQUIRE(describe(configuration) == "actors a.size=1 b.size=2");
}

TEST_CASE("a load is described in users or in arrivals") {
  REQUIRE(describe(Load{1, 0}) == "1 user");
  REQUIRE(describe(Load{64, 0}) == "64 users");
  REQUIRE(describe(Load{0, 2'000}) == "2,000 arrivals/s");
  REQUIRE(describe(Load{0, 12'345}) == "12,345 arrivals/s");
  REQUIRE(describe(Load{0, 0.5}) == "0.500 arrivals/s");
}

TEST_CASE("a cell is described by workload, configuration and load") {
  const Cell cell{{"mixed", "http"}, {"actors", {{"database.pool_size", "4"}}, 2, 4}, {64, 0}};
  REQUIRE(describe(cell) == "mixed over http, actors pool_size=4, 64 users");
}

TEST_CASE("figures have three significant digits and thousands separators") {
  const auto [value, text] = GENERATE(table<double, std::string>({{41'234, "41,200"},
                                                                  {999.6, "1,000"},
                                                                  {1'234'567, "1,230,000"},
                                                                  {100, "100"},
                                                                  {99.96, "100"},
                                                                  {12.34, "12.3"},
                                                                  {9.999, "10.0"},
                                                                  {8, "8"},
                                                                  {1.234, "1.23"},
                                                                  {0.1234, "0.123"},
                                                                  {0, "0"},
                                                                  {-41'234, "-41,200"},
                                                                  {unknown, "unknown"}}));
  REQUIRE(troupe::figure(value) == text);
}
