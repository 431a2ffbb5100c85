// The first failing request of each kind, as a run's outputs show it.
#include <algorithm>
#include <catch2/catch.hpp>
#include <string>

#include "helpers/fake_server.hpp"
#include "helpers/folder.hpp"
#include "helpers/server_process.hpp"
#include "sim/result/results_io.hpp"

using namespace troupe;
using namespace troupe::tests;
using namespace std::chrono_literals;
using Catch::Contains;

namespace {

const std::string failing_scenario = R"([[task]]
name = "good"
method = "GET"
path = "/good"
[[task]]
name = "broken"
method = "POST"
path = "/broken"
auth = { bearer = "s3cret" }
json = { word = "<b>", password = "s3cret" }
[[task]]
name = "wrong"
method = "GET"
path = "/wrong"
checks.json."/ok" = true
[[task]]
name = "lost"
method = "GET"
path = "/lost"
)";

FakeServer::Reply fail_by_path(const std::string& request) {
  const auto is = [&](const std::string& path) {
    return request.find(" " + path + " ") != std::string::npos;
  };
  if (is("/broken")) {
    const std::string body = "{\"error\":\"<img src=x>\",\"token\":\"s3cret\"}";
    return {"HTTP/1.1 500 Internal Server Error\r\nSet-Cookie: s3cret\r\nX-Trace: 7\r\nContent-Length: " +
            std::to_string(body.size()) + "\r\n\r\n" + body};
  }
  if (is("/wrong")) return {answer_200("{\"ok\":false}")};
  if (is("/lost")) return {"", 0ms};
  return {answer_200("{}")};
}

}  // namespace

TEST_CASE("a sample does not show a value that an answer gave as a secret", "[simulate]") {
  FakeServer server([](const std::string& request) -> FakeServer::Reply {
    if (request.starts_with("GET /begin ")) return {answer_200("v4lue/1")};
    return {"HTTP/1.1 404 Not Found\r\nContent-Length: 10\r\n\r\nno v4lue/1"};
  });
  const Folder folder("simulate_samples_secret");
  write_content(folder / "s.toml",
                "[[user]]\n[[user.start]]\nmethod = \"GET\"\npath = \"/begin\"\nextract = { token = \"body\" "
                "}\n[[user.task]]\nmethod = \"GET\"\npath = \"/of/{token}\"\n");
  const auto ran = run_troupe(
      {.arguments = {"simulate", "--target", server.url(), "--scenario", (folder / "s.toml").string(), "-u",
                     "1", "-t", "300ms", "--warm-up", "0s", "--json", (folder / "r.json").string()}});
  INFO(ran.out << ran.err);
  CHECK_THAT(ran.out, Contains("> GET /of/*** HTTP/1.1\n    < 404 no ***\n") && !Contains("v4lue"));
  CHECK_THAT(content_of(folder / "r.json"), !Contains("v4lue"));
}

TEST_CASE("the first failure of each kind is in the summary, the result and the report", "[simulate]") {
  FakeServer server(fail_by_path);
  const Folder folder("simulate_samples");
  write_content(folder / "s.toml", failing_scenario);
  const auto ran = run_troupe(
      {.arguments = {"simulate", "--target", server.url(), "--scenario", (folder / "s.toml").string(), "-u",
                     "4", "-t", "500ms", "--warm-up", "0s", "--json", (folder / "r.json").string(), "--html",
                     (folder / "r.html").string()}});
  INFO(ran.out << ran.err);
  REQUIRE(ran.code == 0);
  CHECK_THAT(ran.out, Contains("The first of each kind, with secrets masked:\n") &&
                          Contains("  broken, status: 500\n    > POST /broken HTTP/1.1\n"
                                   "    < 500 {\"error\":\"<img src=x>\",\"token\":\"***\"}\n") &&
                          Contains("  wrong, check: /ok is not true\n    > GET /wrong HTTP/1.1\n"
                                   "    < 200 {\"ok\":false}\n") &&
                          Contains("    > GET /lost HTTP/1.1\n    < no answer\n"));
  const auto result = sim::read_json(content_of(folder / "r.json")).value();
  const auto broken = std::ranges::find(result.failures, "broken", &sim::FailureStats::task);
  REQUIRE(broken != result.failures.end());
  REQUIRE(broken->sample);
  CHECK(broken->count > 1);
  CHECK_THAT(broken->sample->request_head, Contains("Authorization: ***"));
  CHECK(broken->sample->request_body == "{\"password\":\"***\",\"word\":\"<b>\"}");
  CHECK(broken->sample->answer_head == "Set-Cookie: ***\nX-Trace: 7\nContent-Length: 40");
  for (const auto* output : {"r.json", "r.html"}) {
    const auto content = content_of(folder / output);
    CHECK_THAT(content, Contains("X-Trace: 7") && !Contains("s3cret"));
  }
  CHECK_THAT(content_of(folder / "r.html"), !Contains("<img src=x>"));
}
