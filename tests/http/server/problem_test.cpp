#include <boost/json/parse.hpp>
#include <chrono>
#include <string>
#include <tuple>
#include <vector>

#include <catch2/catch.hpp>

#include "http/server/problem.hpp"

using namespace troupe::http;
using troupe::items::BodyError;
using troupe::items::Fault;

TEST_CASE("each kind of problem has its status, type and title") {
  const auto [problem, status, type, title] = GENERATE(table<Problem, int, std::string, std::string>({
      {malformed("x"), 400, "urn:troupe:problem:malformed-request", "Malformed request"},
      {not_found("x"), 404, "about:blank", "Not Found"},
      {method_not_allowed("GET, HEAD"), 405, "about:blank", "Method Not Allowed"},
      {not_acceptable(), 406, "about:blank", "Not Acceptable"},
      {request_timeout("x"), 408, "about:blank", "Request Timeout"},
      {too_large(1024), 413, "about:blank", "Payload Too Large"},
      {uri_too_long(1024), 414, "about:blank", "URI Too Long"},
      {unsupported_media_type(), 415, "about:blank", "Unsupported Media Type"},
      {invalid_item({}), 422, "urn:troupe:problem:invalid-item", "Invalid item"},
      {header_too_large(1024), 431, "about:blank", "Request Header Fields Too Large"},
      {internal_error(), 500, "about:blank", "Internal Server Error"},
      {plain_problem(501, "x"), 501, "about:blank", "Not Implemented"},
      {unavailable(Unavailable::queue_full), 503, "urn:troupe:problem:queue-full",
       "Too many requests are waiting"},
      {unavailable(Unavailable::database_away), 503, "urn:troupe:problem:database-away",
       "The database is away"},
      {unavailable(Unavailable::deadline_passed), 503, "urn:troupe:problem:deadline-passed",
       "The deadline passed"},
  }));
  CAPTURE(type, title);
  CHECK(problem.status == status);
  CHECK(problem.type == type);
  CHECK(problem.title == title);
  CHECK_FALSE(problem.detail.empty());
  const auto json = boost::json::parse(to_json(problem)).as_object();
  CHECK(json.at("status") == status);
  CHECK(json.at("type").as_string() == type);
  CHECK(json.at("title").as_string() == title);
  CHECK(json.at("detail").as_string() == problem.detail);
  CHECK_FALSE(json.contains("errors"));
  CHECK_FALSE(json.contains("outcome"));
}

TEST_CASE("the body lists every fault where and how it is") {
  const Problem problem =
      invalid_item({{{"body", "price"}, "price must be \"finite\"", "finite_number"}, {{"body"}, "b", "t"}});
  CHECK(to_json(problem) ==
        R"({"type":"urn:troupe:problem:invalid-item","title":"Invalid item","status":422,)"
        R"("detail":"2 faults, listed in errors","errors":[)"
        R"({"loc":["body","price"],"msg":"price must be \"finite\"","type":"finite_number"},)"
        R"({"loc":["body"],"msg":"b","type":"t"}]})");
}

TEST_CASE("a single fault is told in the detail, too") {
  CHECK(invalid_item({{{"body", "name"}, "name is required", "missing"}}).detail == "name is required");
}

TEST_CASE("limits are named with their size") {
  CHECK(too_large(1048576).detail.find("1048576 bytes") != std::string::npos);
  CHECK(uri_too_long(8192).detail.find("8192 bytes") != std::string::npos);
  CHECK(header_too_large(16384).detail.find("16384 bytes") != std::string::npos);
  CHECK(method_not_allowed("GET, HEAD").detail.find("GET, HEAD") != std::string::npos);
}

TEST_CASE("unavailable says when to come back, and whether a write may have happened") {
  const auto reason =
      GENERATE(Unavailable::queue_full, Unavailable::database_away, Unavailable::deadline_passed);
  const Problem plain = unavailable(reason);
  CHECK(plain.retry_after == std::chrono::seconds(1));
  const Problem unknown = unavailable(reason, true);
  CHECK(unknown.retry_after == std::chrono::seconds(1));
  CHECK(boost::json::parse(to_json(unknown)).at("outcome") == "unknown");
}

TEST_CASE("a reader's error becomes 400 or 422 with its faults") {
  const std::vector<Fault> faults = {{{"query", "limit"}, "m", "t"}};
  const Problem bad = problem_of({BodyError::Kind::malformed, "no JSON", faults});
  CHECK(bad.status == 400);
  CHECK(bad.detail == "no JSON");
  CHECK(bad.faults == faults);
  const Problem invalid = problem_of({BodyError::Kind::invalid, "d", faults});
  CHECK(invalid.status == 422);
  CHECK(invalid.faults == faults);
}

TEST_CASE("only problems that pass with time have a Retry-After") {
  CHECK_FALSE(malformed("x").retry_after.has_value());
  CHECK_FALSE(internal_error().retry_after.has_value());
}

TEST_CASE("an unknown status has a phrase, too") {
  CHECK(reason_phrase(200) == "OK");
  CHECK_FALSE(reason_phrase(299).empty());
}
