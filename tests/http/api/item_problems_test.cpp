#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "actors/database/failure_status.hpp"
#include "http/api/item_problems.hpp"

using namespace troupe::http;
using troupe::FieldFault;
using troupe::items::BodyError;

TEST_CASE("an invalid item lists every fault where and how it is") {
  const Problem problem = invalid_item({{{"body", "price"}, "p", "finite_number"}, {{"body"}, "b", "t"}});
  CHECK(to_json(problem) ==
        R"({"type":"urn:troupe:problem:invalid-item","title":"Invalid item","status":422,)"
        R"("detail":"2 faults, listed in errors","errors":[)"
        R"({"loc":["body","price"],"msg":"p","type":"finite_number"},)"
        R"({"loc":["body"],"msg":"b","type":"t"}]})");
}

TEST_CASE("a single fault is told in the detail, too") {
  CHECK(invalid_item({{{"body", "name"}, "name is required", "missing"}}).detail == "name is required");
}

TEST_CASE("an item that the database refuses has the status of the one table of failures") {
  const Problem problem = item_rejected_by_database();
  CHECK(problem.status == troupe::actors::http_status_of(troupe::actors::Failure::Kind::rejected));
  CHECK(problem.faults.front().type == "database_rule");
}

TEST_CASE("a reader's error becomes 400 or 422 with its faults") {
  const std::vector<FieldFault> faults = {{{"query", "limit"}, "m", "t"}};
  const Problem bad = problem_of({BodyError::Kind::malformed, "no JSON", faults});
  CHECK(bad.status == 400);
  CHECK(bad.detail == "no JSON");
  CHECK(bad.faults == faults);
  const Problem invalid = problem_of({BodyError::Kind::invalid, "d", faults});
  CHECK(invalid.status == 422);
  CHECK(invalid.faults == faults);
}
