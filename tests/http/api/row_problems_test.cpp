#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "actors/database/failure_status.hpp"
#include "helpers/item_commands.hpp"
#include "http/api/row_problems.hpp"

using namespace troupe::http;
using troupe::FieldFault;
using troupe::schema::BodyError;
using troupe::tests::shared_items;

TEST_CASE("an invalid item lists every fault where and how it is") {
  const Problem problem = invalid_row(shared_items()->resource,
                                      {{{"body", "price"}, "p", "finite_number"}, {{"body"}, "b", "t"}});
  CHECK(to_json(problem) ==
        R"({"type":"urn:troupe:problem:invalid-item","title":"Invalid item","status":422,)"
        R"("detail":"2 faults, listed in errors","errors":[)"
        R"({"loc":["body","price"],"msg":"p","type":"finite_number"},)"
        R"({"loc":["body"],"msg":"b","type":"t"}]})");
}

TEST_CASE("a single fault is told in the detail, too") {
  CHECK(invalid_row(shared_items()->resource, {{{"body", "name"}, "name is required", "missing"}}).detail ==
        "name is required");
}

TEST_CASE(
    "what the database refuses has the status of the one table of failures, and says what it is about") {
  using Kind = troupe::actors::Failure::Kind;
  using troupe::actors::Refusal;
  auto resource = shared_items()->resource;
  resource.constraints = {{"one_name", troupe::schema::Constraint::Kind::unique, {"name"}, {}},
                          {"maker", troupe::schema::Constraint::Kind::foreign, {"description"}, "makers"},
                          {"cheap", troupe::schema::Constraint::Kind::check, {"price", "in_stock"}, {}}};
  struct Row {
    Kind kind;
    Refusal refusal;
    std::string faults;
  };
  const auto row = GENERATE(values<Row>({
      {Kind::conflict, {"m", "one_name", {}, false}, "body.name unique"},
      {Kind::conflict, {"m", "maker", {}, false}, "body.description foreign_key"},
      {Kind::conflict, {"m", "of_another_table", {}, false}, ""},
      {Kind::rejected, {"m", "cheap", {}, false}, "body.price database_rule, body.in_stock database_rule"},
      {Kind::rejected, {"m", "unknown", {}, false}, "body database_rule"},
      {Kind::rejected, {"m", {}, "price", false}, "body.price database_rule"},
      {Kind::rejected, {"told", {}, {}, true}, "body database_rule"},
      {Kind::forbidden, {"m", {}, {}, false}, ""},
  }));
  CAPTURE(row.refusal.constraint, row.refusal.column);
  const auto problem =
      refused_write(resource, {row.kind, false, std::make_shared<const Refusal>(row.refusal)});
  CHECK(problem.status == troupe::actors::http_status_of(row.kind));
  std::string faults;
  for (const auto& fault : problem.faults) {
    if (!faults.empty()) faults += ", ";
    faults += fault.loc.size() == 2 ? fault.loc[0] + '.' + fault.loc[1] : fault.loc[0];
    faults += ' ' + fault.type;
  }
  CHECK(faults == row.faults);
  CHECK((problem.detail == "told") == row.refusal.for_client);
}

TEST_CASE("a reader's error becomes 400 or 422 with its faults") {
  const std::vector<FieldFault> faults = {{{"query", "limit"}, "m", "t"}};
  const Problem bad = problem_of(shared_items()->resource, {BodyError::Kind::malformed, "no JSON", faults});
  CHECK(bad.status == 400);
  CHECK(bad.detail == "no JSON");
  CHECK(bad.faults == faults);
  const Problem invalid = problem_of(shared_items()->resource, {BodyError::Kind::invalid, "d", faults});
  CHECK(invalid.status == 422);
  CHECK(invalid.faults == faults);
}
