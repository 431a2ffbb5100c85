#include <boost/json/parse.hpp>
#include <string>
#include <tuple>
#include <vector>

#include <catch2/catch.hpp>

#include "http/server/problem.hpp"

using namespace troupe::http;
using namespace std::chrono_literals;

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
      {typed_problem(422, "bad-thing", "Bad thing", "x"), 422, "urn:troupe:problem:bad-thing", "Bad thing"},
      {too_many_requests("limits.client_rate", 1s), 429, "urn:troupe:problem:too-many-requests",
       "Too many requests"},
      {internal_error(), 500, "about:blank", "Internal Server Error"},
      {plain_problem(501, "x"), 501, "about:blank", "Not Implemented"},
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
  const Problem problem = malformed(
      "2 faults", {{{"body", "price"}, "price must be \"finite\"", "finite_number"}, {{"body"}, "b", "t"}});
  CHECK(to_json(problem) ==
        R"({"type":"urn:troupe:problem:malformed-request","title":"Malformed request","status":400,)"
        R"("detail":"2 faults","errors":[)"
        R"({"loc":["body","price"],"msg":"price must be \"finite\"","type":"finite_number"},)"
        R"({"loc":["body"],"msg":"b","type":"t"}]})");
}

TEST_CASE("limits are named with their size") {
  CHECK(too_large(1048576).detail.find("1048576 bytes") != std::string::npos);
  CHECK(uri_too_long(8192).detail.find("8192 bytes") != std::string::npos);
  CHECK(method_not_allowed("GET, HEAD").detail.find("GET, HEAD") != std::string::npos);
}

TEST_CASE("an unknown status has a phrase, too") {
  CHECK(reason_phrase(200) == "OK");
  CHECK_FALSE(reason_phrase(299).empty());
}
