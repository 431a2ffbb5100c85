// What checks and extractions find in an answer.
#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "sim/scenario/scenario_reader.hpp"
#include "sim/transport/answer_values.hpp"

using namespace troupe;
using namespace troupe::sim;

namespace {

Task task_with(const std::string& keys) {
  return parse_scenario("[[task]]\nmethod = \"GET\"\npath = \"/\"\n" + keys + "\n", "t.toml")
      .value()
      .tasks[0];
}

const std::vector<HttpField> fields{
    {"content-type", "text/html; charset=utf-8"}, {"Location", "/items/7"}, {"X-T", "one"}, {"x-t", "two"}};
constexpr std::string_view body =
    R"({"token":"a\"b","n":42,"x":1.5,"tiny":1e-3,"long":12345678901234567890123,"big":9007199254740993,"t":true,"none":null,"list":[{"id":"q"}],"a/b":{"~":"deep"},"e":""})";

}  // namespace

TEST_CASE("a value is taken by JSON Pointer, field, expression, or whole") {
  const auto [what, value] = GENERATE(table<std::string, std::string>({
      {"/token", "a\"b"},
      {"/n", "42"},
      {"/x", "1.5"},
      {"/tiny", "0.001"},
      {"/t", "true"},
      {"/list/0/id", "q"},
      {"/list/0", R"({"id":"q"})"},
      {"/a~1b/~0", "deep"},
      {"header:location", "/items/7"},
      {"header:Content-Type", "text/html; charset=utf-8"},
      {"regex:\\\"n\\\":(\\\\d+)", "42"},
      {"regex:4.", "42"},
      {"body", std::string(body)},
  }));
  CAPTURE(what);
  const auto task = task_with("extract.v = \"" + what + "\"");
  const HttpResponse response{.status = 200, .fields = fields, .body = body};
  AnswerValues values(response);
  CHECK(values.find(task.extractions[0]).value() == value);
}

TEST_CASE("a body may be nested deeper than anybody writes it") {
  const std::string nested = std::string(100, '[') + "7" + std::string(100, ']');
  const auto task = task_with("extract.v = \"" + [] {
    std::string pointer;
    for (int i = 0; i < 100; ++i) pointer += "/0";
    return pointer;
  }() + "\"");
  const HttpResponse response{.status = 200, .body = nested};
  CHECK(AnswerValues(response).find(task.extractions[0]).value() == "7");
}

TEST_CASE("an expression does not take a value that the end of the kept body cuts") {
  const auto task = task_with("extract.v = \"regex:t=([a-z]+)\"");
  HttpResponse response{.status = 200, .body = "t=abc", .body_is_cut = true};
  CHECK(AnswerValues(response).find(task.extractions[0]).error().message ==
        "t=([a-z]+) matches up to where the body is cut");
  response.body = "t=abc;";
  CHECK(AnswerValues(response).find(task.extractions[0]).value() == "abc");
}

TEST_CASE("a value that is not there is told in a line that is the same for all answers of that kind") {
  const auto [what, answer, message] = GENERATE(table<std::string, std::string, std::string>({
      {"/other", std::string(body), "the body has no /other"},
      {"/list/1", std::string(body), "the body has no /list/1"},
      {"/n/x", std::string(body), "the body has no /n/x"},
      {"/none", std::string(body), "/none is null"},
      {"/e", std::string(body), "/e is empty"},
      {"/long", std::string(body), "/long has more digits than are kept of a number"},
      {"/n", "<html>", "the body is not JSON"},
      {"/n", "", "the body is not JSON"},
      {"header:Link", std::string(body), "the answer has no field Link"},
      {"regex:zz+", std::string(body), "nothing in the body matches zz+"},
      {"body", "", "body is empty"},
  }));
  CAPTURE(what, answer);
  const auto task = task_with("extract.v = \"" + what + "\"");
  const HttpResponse response{.status = 200, .fields = fields, .body = answer};
  AnswerValues values(response);
  CHECK(values.find(task.extractions[0]).error().message == message);
}

TEST_CASE("a body that was cut says so") {
  const HttpResponse response{.status = 200, .fields = fields, .body = "{\"n\":", .body_is_cut = true};
  for (const auto* what : {"/n", "body"}) {
    AnswerValues values(response);
    CHECK(
        values.find(task_with(std::string("extract.v = \"") + what + "\"").extractions[0]).error().message ==
        "of the body only the first 1048576 bytes were kept");
  }
}

TEST_CASE("checks look at fields and JSON values") {
  const auto [check, fault] = GENERATE(table<std::string, std::string>({
      {"header.Content-Type = \"text/html\"", ""},
      {"header.LOCATION = \"\"", ""},
      {"header.Content-Type = \"json\"", "the field Content-Type lacks 'json'"},
      {"header.ETag = \"\"", "the answer has no field ETag"},
      {"header.X-T = \"two\"", ""},
      {"header.X-T = \"three\"", "the field X-T lacks 'three'"},
      {"json.\"/n\" = 42", ""},
      {"json.\"/big\" = 9007199254740993", ""},
      {"json.\"/big\" = 9007199254740992", "/big is not 9007199254740992"},
      {"json.\"/x\" = 2.5", "/x is not 2.5"},
      {"json.\"/n\" = 42.0", ""},
      {"json.\"/token\" = \"a\\\"b\"", ""},
      {"json.\"/t\" = true", ""},
      {"json.\"/t\" = false", "/t is not false"},
      {"json.\"/n\" = \"42\"", "/n is not \"42\""},
      {"json.\"/m\" = 1", "the body has no /m"},
  }));
  CAPTURE(check);
  const HttpResponse response{.status = 200, .fields = fields, .body = body};
  AnswerValues values(response);
  CHECK(values.fault_of(task_with("checks." + check).checks) == fault);
}
