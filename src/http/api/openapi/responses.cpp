#include "http/api/openapi/responses.hpp"

#include <boost/json/array.hpp>
#include <string>
#include <utility>

#include "http/api/openapi/schemas.hpp"
#include "http/server/problem.hpp"

namespace troupe::http {
namespace {

namespace json = boost::json;

json::object string_schema() {
  return {{"type", "string"}};
}

json::object header(std::string_view description, std::string_view type) {
  return {{"description", description}, {"schema", {{"type", type}}}};
}

json::object problem_response(std::string_view description) {
  return {{"description", description},
          {"content", {{problem_content_type, {{"schema", schema_ref("Problem")}}}}}};
}

json::object with_header(json::object response, std::string_view name, json::object header) {
  response["headers"] = {{name, std::move(header)}};
  return response;
}

/// Of the component responses.
json::object response_ref(std::string_view name) {
  return {{"$ref", "#/components/responses/" + std::string(name)}};
}

}  // namespace

json::object problem_schema() {
  return {{"type", "object"},
          {"description", "Problem details, RFC 9457."},
          {"properties",
           {{"type", {{"type", "string"}, {"format", "uri"}}},
            {"title", string_schema()},
            {"status", {{"type", "integer"}}},
            {"detail", string_schema()},
            {"outcome",
             {{"type", "string"},
              {"enum", json::array{"unknown"}},
              {"description", "A write that was not confirmed: it may or may not have happened."}}},
            {"errors", {{"type", "array"}, {"items", schema_ref("Fault")}}}}},
          {"required", {"type", "title", "status"}}};
}

json::object fault_schema() {
  return {{"type", "object"},
          {"properties",
           {{"loc", {{"type", "array"}, {"items", string_schema()}}},
            {"msg", string_schema()},
            {"type", string_schema()}}},
          {"required", {"loc", "msg", "type"}}};
}

json::object error_responses() {
  constexpr std::string_view no_type = "The body is in none of the forms read here.";
  return {
      {"400", problem_response("The request, its query or its body is malformed.")},
      {"403", problem_response("The database does not allow this.")},
      {"404", problem_response("There is no such row.")},
      {"405", with_header(problem_response("The method is not allowed here; Allow names those that are."),
                          "Allow", header("The methods allowed here.", "string"))},
      {"406", problem_response("No form that Accept allows is available.")},
      {"408", problem_response("The request did not arrive in time.")},
      {"409", problem_response("The row collides with another, or one of the two refers to the other; errors "
                               "names the columns.")},
      {"412", problem_response("The row is not of the version that the request wants.")},
      {"413", problem_response("The body is too large, or has too many rows.")},
      {"414", problem_response("The request target is too long.")},
      {"415", problem_response(no_type)},
      {"415-patch", with_header(problem_response(no_type), "Accept-Patch",
                                header("The forms that a change may have.", "string"))},
      {"421", problem_response("The Host field names a host that this server does not answer for.")},
      {"422", problem_response("The row is not valid; errors names every fault.")},
      {"428", problem_response("A change must say with If-Match which version it is of.")},
      {"429", with_header(problem_response("More is asked at once than one client may."), "Retry-After",
                          header("Seconds after which to try again.", "integer"))},
      {"431", problem_response("The header fields are too large, or too many.")},
      {"500", problem_response("The server met a condition it was not built for.")},
      {"503", with_header(problem_response("The server is busy, or its database is away."), "Retry-After",
                          header("Seconds after which to try again.", "integer"))}};
}

void add_refusals(json::object& responses) {
  responses["401"] =
      with_header(problem_response("A key or a token is needed, or the one that was sent is not good."),
                  "WWW-Authenticate", header("What is taken: Bearer, and what was wrong.", "string"));
  responses["403"] = problem_response("The key or token, or the database, does not allow this.");
}

json::object answer_headers() {
  return {{"ETag", header("The version of this form, for If-Match and If-None-Match.", "string")},
          {"Link", header("The next page, rel=\"next\", when there is one.", "string")},
          {"Location", header("Where the new row is, when the body was one row.", "string")},
          {"Vary", header("Accept: the answer is in the form that it asks for.", "string")},
          {"X-Total-Count", header("All rows that match; with count=true.", "integer")}};
}

json::object headers_of(std::initializer_list<std::string_view> names) {
  json::object headers;
  for (const auto name : names) {
    if (!name.empty()) headers[name] = {{"$ref", "#/components/headers/" + std::string(name)}};
  }
  return headers;
}

json::object with_errors(json::object responses, std::initializer_list<std::string_view> errors) {
  for (const auto name : errors) {
    if (!name.empty()) responses[name.substr(0, 3)] = response_ref(name);
  }
  for (const std::string_view status : {"400", "405", "408", "413", "414", "421", "429", "431"})
    responses[status] = response_ref(status);
  return responses;
}

}  // namespace troupe::http
