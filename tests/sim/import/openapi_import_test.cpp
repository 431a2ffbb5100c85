#include "sim/import/openapi_import.hpp"

#include <catch2/catch.hpp>
#include <string>

#include "helpers/folder.hpp"
#include "helpers/imported_scenario.hpp"
#include "sim/scenario/scenario_reader.hpp"

using namespace troupe;
using namespace troupe::sim;
using namespace troupe::tests;
using Catch::Contains;

namespace {

/// A document with these paths, and more members at its top.
std::string api_document(const std::string& paths, const std::string& more = "") {
  return R"({"openapi": "3.1.0", "info": {"title": "Shop", "version": "2"}, )" + more + R"("paths": {)" +
         paths + "}}";
}

std::string imported(const std::string& text) {
  const auto written = scenario_of_openapi(text, "doc.json");
  INFO((written ? std::string{} : written.error().message));
  REQUIRE(written.has_value());
  CAPTURE(*written);
  CHECK(import_fault(*written).empty());
  return *written;
}

std::string import_refusal(const std::string& text) {
  const auto written = scenario_of_openapi(text, "doc.json");
  return written ? "none" : written.error().message;
}

/// A task whose body has this schema.
std::string body_of_schema(const std::string& schema, const std::string& more = "") {
  return imported(api_document(
      R"("/a": {"post": {"requestBody": {"content": {"application/json": {"schema": )" + schema + "}}}}}",
      more));
}

const std::string get_operation = R"({"get": {}})";
const std::string bearer_scheme =
    R"("components": {"securitySchemes": {"b": {"type": "http", "scheme": "bearer"}}}, "security": [{"b": []}], )";

}  // namespace

TEST_CASE("the FastAPI app of the comparison becomes users who work on an item of their own") {
  const auto toml = imported(content_of(TROUPE_SOURCE_DIR "/tests/sim/import/fastapi_items.json"));
  CHECK(told_fill_ins(toml).empty());
  const auto scenario = parse_scenario(toml, "new.toml").value();
  REQUIRE(scenario.classes.size() == 1);
  const auto& users = scenario.classes[0];
  REQUIRE(users.start.size() == 1);
  const auto& start = scenario.tasks[users.start[0]];
  CHECK(start.method == "POST");
  CHECK(start.extractions[0].what == "/id");
  CHECK(scenario.tasks.size() == 6);  // one starts, five are the mix; the deletion is a comment
  CHECK_THAT(toml, Contains("name = \"GET /items/{item_id}\"\nmethod = \"GET\"\npath = \"/items/{item_id}\"\n"
                            "weight = 4\n") &&
                       Contains("# [[user.task]]\n# name = \"DELETE /items/{item_id}\"\n") &&
                       Contains("\"price\": {random_int(0,99)}"));
}

TEST_CASE("a login is the start of each user, and its token is in every request that wants one") {
  const std::string login_answer =
      R"("responses": {"200": {"content": {"application/json": {"schema": {"properties": {"access_token": {}}}}}}})";
  const auto [paths, more, part] = GENERATE_COPY(table<std::string, std::string, std::string>({
      {R"("/me": {"get": {}}, "/login": {"post": {"requestBody": {"content": {"application/json": {"schema":
       {"required": ["user", "password"], "properties": {"user": {"type": "string"}, "password": {"type": "string"},
       "note": {"type": "string"}}}}}}, )" +
           login_answer + "}}",
       "",
       "body = '{\"user\": \"{user_value}\", \"password\": \"{password}\"}'\nextract = { token = "
       "\"/access_token\" }"},
      {R"("/me": {"get": {"security": [{"o": []}]}}, "/token": {"post": {"requestBody": {"content":
       {"application/x-www-form-urlencoded": {"schema": {"required": ["username", "password"], "properties":
       {"grant_type": {}, "username": {}, "password": {}, "scope": {}}}}}}}})",
       R"("components": {"securitySchemes": {"o": {"type": "oauth2", "flows": {"password": {"tokenUrl": "token"}}}}}, )",
       "form = { grant_type = \"password\", username = \"{username}\", password = \"{password}\" }\nextract "
       "= { token"},
  }));
  const auto toml = imported(api_document(paths, more));
  CHECK_THAT(toml, Contains("\nauth = { bearer = \"{token}\" }\n") &&
                       Contains("[[user.start]]\nname = \"login\"") && Contains(part));
  const auto names = told_fill_ins(toml);
  CHECK(names.size() == 2);
  CHECK(names[1] == "password");
  const auto scenario = parse_scenario(filled_in(toml), "new.toml").value();
  CHECK(scenario.tasks[scenario.classes[0].start[0]].head.fields.is_constant());  // it sends no token
}

TEST_CASE("a login that is known by examples only is one all the same") {
  const auto toml = imported(api_document(
      R"("/me": {"get": {}}, "/login": {"post": {"requestBody": {"content": {"application/json": {"example":
         {"user": "a", "password": "5ecret", "tenant": 5, "realm": "a\"b"}}}}, "responses": {"200": {"content":
         {"application/json": {"schema": {"type": "object", "example": {"data": {"token": "5ecret"}}}}}}}}})",
      ""));
  CHECK_THAT(toml, Contains("[[user.start]]\nname = \"login\"") && Contains("\"password\": \"{password}\"") &&
                       Contains("\"tenant\": 5") && Contains("extract = { token = \"/data/token\" }") &&
                       !Contains("5ecret"));
  CHECK(told_fill_ins(toml).size() == 2);
}

TEST_CASE("what says who asks is filled in by a person where there is no login") {
  const auto [paths, more, part] = GENERATE_COPY(table<std::string, std::string, std::string>({
      {R"("/a": )" + get_operation, bearer_scheme, "\nauth = { bearer = \"{token}\" }\n"},
      {R"("/a": )" + get_operation + R"(, "/b": {"get": {"security": []}})", bearer_scheme,
       "path = \"/b\"\nweight = 4\nauth = {}\n"},
      {R"("/a": {"get": {"security": [{"k": []}]}})",
       R"("components": {"securitySchemes": {"k": {"type": "apiKey", "in": "header", "name": "X-Key"}}}, )",
       "\nheaders = { X-Key = \"{X_Key}\" }\n"},
      {R"("/a": {"get": {"security": [{"k": []}]}})",
       R"("components": {"securitySchemes": {"k": {"type": "apiKey", "in": "query", "name": "key"}}}, )",
       "\nquery = { key = \"{key}\" }\n"},
      {R"("/a": {"get": {"security": [{"k": []}]}})",
       R"("components": {"securitySchemes": {"k": {"type": "http", "scheme": "basic"}}}, )",
       "auth = { basic = { user = \"{username}\", password = \"{password}\" } }\n"},
  }));
  const auto toml = imported(api_document(paths, more));
  CHECK_THAT(toml, Contains("# FILL IN") && Contains(part));
  CHECK_FALSE(told_fill_ins(toml).empty());
  CHECK_FALSE(parse_scenario(toml, "new.toml").has_value());
}

TEST_CASE("a token of the command line is enough where only that is missing") {
  const auto toml = imported(api_document(R"("/a": )" + get_operation, bearer_scheme));
  CHECK(parse_scenario(toml, "new.toml", {{"Authorization", "Bearer t", false}}).has_value());
}

TEST_CASE("bodies are what schemas let through") {
  const auto [schema, more, body] = GENERATE(table<std::string, std::string, std::string>({
      {R"({"properties": {"a": {"example": "x"}, "b": {"default": 1.5}, "c": {"enum": ["p", "q"]}, "d": {"const": 3}}})",
       "", R"('{"a": "x", "b": 1.5, "c": "p", "d": 3}')"},
      {R"({"properties": {"n": {"type": "integer", "minimum": 5, "maximum": 7}, "e": {"type": "number",
       "exclusiveMinimum": 0, "maximum": 0.5}, "t": {"type": ["null", "boolean"]}}})",
       "", R"('{"n": {random_int(5,7)}, "e": 0.75, "t": true}')"},
      {R"({"properties": {"u": {"type": "string", "format": "uuid"}, "w": {"type": "string", "format": "date-time"},
       "s": {"type": "string", "maxLength": 3}, "l": {"type": "string", "minLength": 4, "maxLength": 5}}})",
       "", R"('{"u": "{uuid}", "w": "{now}", "s": "s", "l": "lxxx"}')"},
      {R"({"allOf": [{"$ref": "#/components/schemas/A"}, {"required": ["z"], "properties": {"z": {"type": "null"}}}]})",
       R"("components": {"schemas": {"A": {"properties": {"id": {"readOnly": true}, "y": {"type": "boolean"}}}}}, )",
       R"('{"y": true, "z": null}')"},
      {R"({"$ref": "#/components/schemas/T"})",
       R"("components": {"schemas": {"T": {"required": ["up"], "properties": {"up": {"$ref": "#/components/schemas/T"},
       "down": {"type": "array", "items": {"$ref": "#/components/schemas/T"}}, "next": {"$ref": "#/components/schemas/T"}}}}}, )",
       R"('{"up": {}, "down": []}')"},
      {R"({"anyOf": [{"type": "null"}, {"type": "array", "minItems": 2, "items": {"type": "boolean"}}]})", "",
       "\"[true, true]\""},
      {R"({"$ref": "#/nothing"})", "", "\"{}\""},
      {R"({"$ref": "other.json#/A"})", "", "\"{}\""},
  }));
  CHECK_THAT(body_of_schema(schema, more), Contains("\nbody = " + body + "\n"));
}

TEST_CASE("parameters of paths, queries and heads get values") {
  const auto [operation, part] = GENERATE(table<std::string, std::string>({
      {R"("/a/{n}": {"get": {"parameters": [{"name": "n", "in": "path", "schema": {"type": "integer"}}]}})",
       "path = \"/a/{random_int(1,100)}\""},
      {R"("/a/{n}": {"get": {"parameters": [{"name": "n", "in": "path", "example": "x/ y{id}"}]}})",
       "path = \"/a/x%2F%20y%7Bid%7D\""},
      {R"("/a/{b}/c{d": {"parameters": [{"name": "b", "in": "path", "schema": {"enum": ["p"]}}], "get": {}})",
       "path = \"/a/p/c%7Bd\""},
      {R"("/a": {"get": {"parameters": [{"name": "q", "in": "query", "required": true, "example": "{x}"},
       {"name": "o", "in": "query"}]}})",
       "# query may have o\n[[task]]\nname = \"GET /a\"\nmethod = \"GET\"\npath = \"/a\"\nweight = 4\n"
       "query = { q = \"{text}\" }\nparams.text = { list = [\"{x}\"] }\n"},
      {R"("/a": {"get": {"parameters": [{"name": "X-A", "in": "header", "required": true, "schema": {"default": 7}},
       {"name": "Accept", "in": "header", "required": true}]}})",
       "headers = { X-A = \"7\" }\n"},
  }));
  CHECK_THAT(imported(api_document(operation)), Contains(part));
}

TEST_CASE("paths begin as the first server's do") {
  const auto [url, path] = GENERATE(table<std::string, std::string>({
      {"/api/v1/", "/api/v1/a"},
      {"https://shop.example/base", "/base/a"},
      {"https://shop.example", "/a"},
      {"https://{host}/{v}", "/v9/a"},
      {"/{id}", "/a"},
      {"/a b", "/a%20b/a"},
      {":::", "/a"},
  }));
  const auto servers = R"("servers": [{"url": ")" + url +
                       R"(", "variables": {"host": {"default": "h.example"}, "v": {"default": "v9"}}}], )";
  CHECK_THAT(imported(api_document(R"("/a": )" + get_operation, servers)),
             Contains("\npath = \"" + path + "\"\n"));
}

TEST_CASE("rows belong to rows that were made before them") {
  const std::string made =
      R"("responses": {"201": {"content": {"application/json": {"schema": {"properties": {"id": {}}}}}}})";
  const auto toml = imported(
      api_document(R"("/shops/{id}/orders/{orderId}": {"get": {}}, "/shops/{id}/orders": {"post": {)" + made +
                   R"(}}, "/shops": {"post": {)" + made + "}}"));
  CHECK_THAT(toml, Contains("name = \"start: POST /shops\"\nmethod = \"POST\"\npath = \"/shops\"\n"
                            "extract = { shop_id = \"/id\" }\n") &&
                       Contains("path = \"/shops/{shop_id}/orders\"\nextract = { orderId = \"/id\" }\n") &&
                       Contains("path = \"/shops/{shop_id}/orders/{orderId}\"\n"));
  CHECK(toml.find("start: POST /shops\"") < toml.find("start: POST /shops/{id}/orders\""));
}

TEST_CASE("what a document says stays in its quotes and comments") {
  const std::string nasty = R"(x\"\n[[task]]\npath = \"/evil\"\n# ''' \u0000\u007f {uuid} {nothing})";
  const auto toml = imported(api_document(
      R"("/a": {"post": {"summary": ")" + nasty + R"(", "operationId": ")" + nasty +
      R"(", "requestBody": {"content": {"application/json": {"example": {")" + nasty + R"(": ")" + nasty +
      R"("}}}}, "parameters": [{"in": "query", "required": true, "name": ")" + nasty + R"(", "example": ")" +
      nasty + R"("}]}}, "/)" + nasty + R"(": )" + get_operation));
  CHECK(told_fill_ins(toml).empty());
  const auto scenario = parse_scenario(toml, "new.toml").value();
  CHECK(scenario.tasks.size() == 2);
  CHECK_FALSE(scenario.tasks[0].makes_names);
}

TEST_CASE("documents that are none are refused in one line that says what to do") {
  const auto [text, fault] = GENERATE(table<std::string, std::string>({
      {"openapi: 3.0.0\npaths: {}\n", "is YAML, and only JSON is read: convert it first"},
      {"{", "it is no JSON at line 1"},
      {"{\n\n]", "it is no JSON at line 3"},
      {R"({"swagger": "2.0"})", "convert it to OpenAPI 3 first"},
      {"[]", "has no member openapi"},
      {R"({"openapi": "3.0.0"})", "has no operation"},
      {R"({"openapi": "3.0.0", "paths": {"/a": {"delete": {}}}})",
       "has nothing to call but what is off at first"},
      {std::string(200, '['), "it is no JSON"},
      {std::string(17 * 1024 * 1024, ' '), "is larger than 16 MiB"},
  }));
  const auto refusal = import_refusal(text);
  CHECK_THAT(refusal, Contains(fault));
  CHECK(refusal.find('\n') == std::string::npos);
}

TEST_CASE("a document with more operations than a scenario has tasks tells what is left out") {
  std::string paths;
  for (int i = 0; i < 150; ++i)
    paths += (i > 0 ? ", \"/p" : "\"/p") + std::to_string(i) + "\": " + get_operation;
  const auto toml = imported(api_document(paths));
  CHECK_THAT(toml, Contains("50 operations are left out: a scenario has 100 tasks at most"));
}
