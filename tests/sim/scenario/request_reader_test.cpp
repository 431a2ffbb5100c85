// What tasks say of their requests, as the bytes that are sent.
#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "sim/scenario/scenario_reader.hpp"
#include "sim/transport/render_request.hpp"

using namespace troupe;
using namespace troupe::sim;
using Catch::Contains;

namespace {

Scenario requests_of(std::string_view toml, const std::vector<FieldText>& flags = {}) {
  return parse_scenario(toml, "t.toml", flags).value();
}

std::string fault_of(std::string_view toml) {
  const auto read = parse_scenario(toml, "t.toml");
  return read ? "none" : read.error().message;
}

/// The request of the scenario's task, with every variable set to `value`.
std::string sent(const Scenario& scenario, const std::string& value = {}, std::size_t task = 0) {
  const auto material = items_material(scenario);
  Rng rng(1);
  const Sender sender{
      .user = 7, .iteration = 3, .unix_time = std::chrono::milliseconds(1'700'000'000'123), .rng = &rng};
  const std::vector<std::string> variables(scenario.variables.size(), value);
  Call call{.task = &scenario.tasks[task], .material = &material->tasks[task]};
  call.variables = variables;
  call.sender = &sender;
  std::string out, scratch;
  render_request({"http://h", "h", "", {}}, call, out, scratch);
  return out;
}

const std::string get_task = "[[task]]\nmethod = \"GET\"\npath = \"/\"\n";
const std::string post_task = "[[task]]\nmethod = \"POST\"\npath = \"/\"\n";
const std::string head_task = "[[task]]\nmethod = \"HEAD\"\npath = \"/\"\n";
/// A task whose answer gives {token}.
const std::string giver =
    "[[task]]\nname = \"login\"\nmethod = \"GET\"\npath = \"/\"\nextract.token = \"/t\"\n";

}  // namespace

TEST_CASE("heads, queries and bodies become the bytes of a request") {
  const auto [toml, bytes] = GENERATE_COPY(table<std::string, std::string>({
      {get_task, "GET / HTTP/1.1\r\nHost: h\r\n\r\n"},
      {get_task + "headers = { X-A = \"1\", x-b = 2 }\n", "\r\nHost: h\r\nX-A: 1\r\nx-b: 2\r\n\r\n"},
      {get_task + "headers.Host = \"shop\"\n", "GET / HTTP/1.1\r\nHost: shop\r\n\r\n"},
      {"headers.X-A = \"all\"\nauth.bearer = \"t\"\n" + get_task + "headers.x-a = \"own\"\n",
       "\r\nAuthorization: Bearer t\r\nx-a: own\r\n\r\n"},
      {"auth.bearer = \"t\"\n" + get_task + "auth = {}\n", "GET / HTTP/1.1\r\nHost: h\r\n\r\n"},
      {"headers.X-A = \"all\"\n" + get_task + "headers.X-A = \"\"\n", "GET / HTTP/1.1\r\nHost: h\r\n\r\n"},
      {get_task + "auth.basic = { user = \"u{user}\", password = \"p:w\" }\n",
       "\r\nAuthorization: Basic dTc6cDp3\r\n\r\n"},
      {get_task + "query = { q = \"a b&c\", \"k=\" = [1, true], r = \"{user}\" }\n",
       "GET /?k%3D=1&k%3D=true&q=a%20b%26c&r=7 HTTP/1.1"},
      {"[[task]]\nmethod = \"GET\"\npath = \"/x?a=1\"\nquery.b = 0.5\n", "GET /x?a=1&b=0.5 HTTP/1.1"},
      {post_task + "json = { a = \"q\\\"{user}\", n = 1.5, b = false, l = [\"x\", {}], e = [] }\n",
       "\r\nContent-Type: application/json\r\nContent-Length: 59\r\n\r\n"
       "{\"a\":\"q\\\"7\",\"b\":false,\"e\":[],\"l\":[\"x\",{}],\"n\":1.5}"},
      {post_task + "form = { user = \"u {iteration}\", x = \"ä=\" }\n",
       "\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: "
       "24\r\n\r\nuser=u%203&x=%C3%A4%3D"},
      {post_task + "body = \"n={user}\"\nheaders.Content-Type = \"text/plain\"\n",
       "\r\nContent-Type: text/plain\r\nContent-Length: 3\r\n\r\nn=7"},
      {post_task + "json = {}\nheaders.Content-Type = \"application/vnd.a+json\"\n",
       "\r\nContent-Type: application/vnd.a+json\r\nContent-Length: 2\r\n\r\n{}"},
      {"[[task]]\nmethod = \"GET\"\npath = \"/{user}/{iteration}/{now}/{random_int(5,5)}\"\n",
       "GET /7/3/2023-11-14T22%3A13%3A20.123Z/5 HTTP/1.1"},
      {"[[task]]\nmethod = \"GET\"\npath = \"/{user}\"\nparams.user = { list = [\"mine\"] }\n",
       "GET / HTTP/1.1"},
  }));
  CAPTURE(toml);
  if (toml.find("params.") != std::string::npos) {
    CHECK_FALSE(requests_of(toml).tasks[0].makes_names);  // a parameter wins over a name that is made
  } else {
    const auto out = sent(requests_of(toml));
    CAPTURE(out);
    const auto length = bytes.find("Content-Length: ");
    // The length is what follows the head, whatever the table says.
    if (length == std::string::npos) {
      CHECK_THAT(out, Contains(bytes));
    } else {
      const auto body = bytes.substr(bytes.find("\r\n\r\n"));
      CHECK_THAT(out, Contains(bytes.substr(0, length)) && Catch::EndsWith(body));
      CHECK_THAT(out, Contains("Content-Length: " + std::to_string(body.size() - 4) + "\r\n"));
    }
  }
}

TEST_CASE("what an answer gave cannot break out of its place") {
  const auto [where, value, safe] = GENERATE(table<std::string, std::string, std::string>({
      {"path = \"/a/{token}/b\"", "x/../y?z#", "GET /a/x%2F..%2Fy%3Fz%23/b HTTP/1.1"},
      {"path = \"/a/{token}\"", "x HTTP/1.1\r\nX: y", "GET /a/x%20HTTP%2F1.1%0D%0AX%3A%20y HTTP/1.1"},
      {"path = \"/\"\nquery.q = \"{token}\"", "1&admin=1", "GET /?q=1%26admin%3D1 HTTP/1.1"},
      {"path = \"/\"\nheaders.X = \"a{token}\"", "b\r\nEvil: 1\n\r", "\r\nX: abEvil: 1\r\n\r\n"},
      {"path = \"/\"\nheaders.X = \"{token}\"", std::string("a\0b\x7f", 4), "\r\nX: ab\r\n\r\n"},
      {"path = \"/\"\nauth.bearer = \"{token}\"", "t\r\n\r\nGET /",
       "\r\nAuthorization: Bearer tGET /\r\n\r\n"},
      {"path = \"/\"\njson.a = \"{token}\"", "\",\"admin\":true,\"b\":\"\\",
       R"({"a":"\",\"admin\":true,\"b\":\"\\"})"},
      {"path = \"/\"\nbody = '{\"a\": \"{token}\"}'", "\"}\n", R"({"a": "\"}\n"})"},
      {"path = \"/\"\nform.a = \"{token}\"", "1&b=2+3%", "a=1%26b%3D2%2B3%25"},
      {"path = \"/\"\nheaders.Content-Type = \"application/JSON\"\nbody = '{\"a\": \"{token}\"}'", "\"}\n",
       R"({"a": "\"}\n"})"},
      {"path = \"/\"\nheaders.Content-Type = \"Application/X-WWW-Form-urlencoded\"\nbody = 'a={token}'",
       "1&b=2", "a=1%26b%3D2"},
  }));
  CAPTURE(where, value);
  const auto scenario = requests_of(giver + "[[task]]\nmethod = \"GET\"\n" + where + "\n");
  CHECK_THAT(sent(scenario, value, 1), Contains(safe));
}

TEST_CASE("random names are new each time, and the same of one seed") {
  const auto scenario =
      requests_of("[[task]]\nmethod = \"GET\"\npath = \"/{uuid}/{uuid}/{random_int(-9,9)}\"\n");
  const auto out = sent(scenario);
  CHECK_THAT(out,
             Catch::Matches("GET /([0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}/){2}"
                            "-?[0-9] HTTP/1.1[^]*"));
  CHECK(out.substr(5, 36) != out.substr(42, 36));
  CHECK(out == sent(scenario));
}

TEST_CASE("fields of the command line are for all tasks, before the file's own for all") {
  const std::vector<FieldText> flags{{"Authorization", "Bearer flag", false}};
  CHECK_THAT(sent(requests_of("auth.bearer = \"file\"\n" + get_task, flags)), Contains("Bearer flag\r\n"));
  CHECK_THAT(sent(requests_of(get_task + "auth.bearer = \"own\"\n", flags)), Contains("Bearer own\r\n"));
  CHECK_THAT(sent(requests_of("[[task]]\ndo = \"list\"\n", flags)), Contains("Bearer flag\r\n"));
}

TEST_CASE("a field that is told to be literal is sent as it is, braces and all") {
  FieldText token{"Authorization", "Bearer {id}-{uuid}-{nobody}", false};
  token.literal = true;
  CHECK_THAT(sent(requests_of(get_task, {token})),
             Contains("Authorization: Bearer {id}-{uuid}-{nobody}\r\n"));
}

TEST_CASE("a task with a head of its own, checks or redirects needs HTTP, and others do not") {
  const std::string list = "[[task]]\ndo = \"list\"\n";
  for (const auto& text : {"headers.X = \"1\"\n" + list, list + "checks.header.ETag = \"\"\n",
                           list + "checks.text = \"x\"\n", list + "follow = 3\n", get_task}) {
    CAPTURE(text);
    CHECK(requests_of(text).tasks[0].needs_http());
  }
  const auto mixed = requests_of(list + "checks.status = [200]\n" + get_task);
  CHECK_FALSE(mixed.tasks[0].needs_http());
  CHECK(mixed.tasks[1].needs_http());
  CHECK(mixed.needs_http());
  CHECK(requests_of(get_task + "follow = 3\n").tasks[0].follow == 3);
  CHECK(requests_of("follow = 2\n" + get_task).tasks[0].follow == 2);
}

TEST_CASE("of a path what is no ASCII is percent-encoded, and what is percent-encoded stays") {
  CHECK_THAT(sent(requests_of("[[task]]\nmethod = \"GET\"\npath = \"/ä%20b?q=é&c=%C3\"\n")),
             Catch::StartsWith("GET /%C3%A4%20b?q=%C3%A9&c=%C3 HTTP/1.1\r\n"));
  CHECK(requests_of(head_task + "checks.header.ETag = \"\"\nextract.a = \"header:ETag\"\n").tasks.size() ==
        1);
}

TEST_CASE("a request that cannot be sent is refused with one line") {
  const auto [toml, message] = GENERATE_COPY(table<std::string, std::string>({
      {get_task + "headers = { \"a b\" = \"1\" }\n",
       "t.toml:4: task[1].headers: 'a b' is no name of a field"},
      {get_task + "headers.X = \"a\\nb\"\n",
       "t.toml:4: task[1].headers: X must not contain line breaks or other "
       "control characters"},
      {get_task + "headers.X = \"a\\u0001b\"\n", "X must not contain line breaks or other control"},
      {get_task + "headers.X = \"a\\u007Fb\"\n", "X must not contain line breaks or other control"},
      {get_task + "auth.bearer = \"a\\u0000b\"\n", "must not contain line breaks or other control"},
      {"[[task]]\nmethod = \"GET\"\npath = \"/a#b\"\n",
       "t.toml:3: task[1].path: '/a#b' must not contain '#': what is behind it is not sent (write %23"},
      {"[[task]]\nmethod = \"GET\"\npath = \"/a\\u0001b\"\n",
       "task[1].path: '/a?b' must not contain control characters"},
      {head_task + "body_contains = \"x\"\n",
       "task[1].body_contains: looks into a body, and an answer to HEAD has none"},
      {head_task + "checks.text = \"x\"\n", "task[1].checks: looks into a body"},
      {head_task + "checks.json.\"/a\" = 1\n", "task[1].checks: looks into a body"},
      {head_task + "extract.a = \"/a\"\n", "task[1].extract: looks into a body"},
      {get_task + "headers.content-length = \"1\"\n", "content-length is for the client to say"},
      {get_task + "headers = { X = \"1\", x = \"2\" }\n",
       "task[1].headers.x: is there twice, in another case"},
      {"headers.X = \"1\\r\"\n" + get_task, "t.toml:1: headers: X must not contain line breaks"},
      {get_task + "headers.X = \"{token}\"\n",
       "task[1].headers.X: unknown placeholder {token} (known: id, uuid"},
      {get_task + "auth.bearer = \"t\"\nheaders.authorization = \"t\"\n", "are two for one field"},
      {get_task + "auth.token = \"t\"\n", "must be {}, { bearer = \"TOKEN\" } or"},
      {get_task + "auth.basic = { user = \"a:b\", password = \"p\" }\n", "must not hold a colon"},
      {get_task + "auth.basic = { user = \"a\" }\n", "basic must be { user ="},
      {post_task + "body = \"x\"\njson = {}\n", "a task has one of body, json and form"},
      {post_task + "json = \"x\"\n", "task[1].json: must be a table or an array"},
      {post_task + "json.a = inf\n", "must be a finite number"},
      {get_task + "query = \"name\"\n", "only goes with do = \"query\""},
      {get_task + "query.a = { b = 1 }\n", "must be a text, a number, true or false"},
      {get_task + "follow = 21\n", "task[1].follow: must be from 0 to 20, not 21"},
      {"[[task]]\ndo = \"list\"\njson = {}\n", "task[1].json: only goes with do = \"create\""},
      {"[[task]]\ndo = \"create\"\nform = {}\n", "task[1].form: only goes with do = \"request\""},
      {"[[task]]\ndo = \"sql\"\nsql = \"SELECT 1\"\nauth = {}\n", "is about HTTP, which do = \"sql\""},
      {"[[task]]\nmethod = \"GET\"\npath = \"/{random_int(9,1)}\"\n",
       "{random_int(9,1)} needs two whole numbers, the lower one first"},
      {"[[task]]\nmethod = \"GET\"\npath = \"/{random_int(1)}\"\n", "needs two whole numbers"},
  }));
  CAPTURE(toml);
  CHECK_THAT(fault_of(toml), Contains(message) && Catch::StartsWith("t.toml:"));
  CHECK(fault_of(toml).find('\n') == std::string::npos);
}
