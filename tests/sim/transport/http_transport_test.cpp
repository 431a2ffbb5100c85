// Whole runs against servers that do what real ones do and test servers rarely do.
#include "sim/transport/http_transport.hpp"

#include <catch2/catch.hpp>
#include <set>
#include <thread>
#include <tuple>

#include "helpers/fake_server.hpp"
#include "helpers/folder.hpp"
#include "helpers/io_modes.hpp"
#include "helpers/transport_run.hpp"

using namespace troupe;
using namespace troupe::sim;
using namespace troupe::tests;
using namespace std::chrono_literals;

namespace {

const std::string plain_task = getting();

RunResult run(const HttpTarget& target, const std::string& toml, const TransportLoad& load = {}) {
  return run_on(GENERATE(from_range(io_modes())), target, toml, load);
}

RunResult run(const FakeServer& server, const std::string& toml, const TransportLoad& load = {}) {
  return run(find_target(server.url(), 5s).value(), toml, load);
}

std::string with_status(const std::string& status, const std::string& fields = "") {
  return "HTTP/1.1 " + status + "\r\nContent-Length: 0\r\n" + fields + "\r\n";
}

bool asks_for(const std::string& request, const std::string& line) {
  return request.starts_with(line);
}

}  // namespace

TEST_CASE("early hints before an answer to HEAD are no failure, and cost no connection") {
  FakeServer server([](const std::string&) {
    return FakeServer::Reply{
        "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n"};
  });
  check_good(run(server, "[[task]]\ndo = \"request\"\nmethod = \"HEAD\"\npath = \"/\"\n"));
  CHECK(server.connections == 5);  // one looked whether the server is there
}

TEST_CASE("a server that closes idle connections costs no request of an idempotent method") {
  FakeServer server([](const std::string&) { return FakeServer::Reply{answer_200("ok"), 5ms}; });
  const auto result =
      run(server, "think_time = { kind = \"constant\", value = \"5ms\" }\n" + plain_task, {.duration = "1s"});
  check_good(result);
  CHECK(server.connections > 20);
}

TEST_CASE("stray bytes behind an answer cost the connection, and not the answer") {
  FakeServer server([](const std::string&) { return FakeServer::Reply{answer_200("ok") + "\r\n"}; });
  const auto result = run(server, plain_task);
  CHECK(result.total.good.response.count > 0);
  for (const auto& failure : result.failures) CHECK(failure.kind == "protocol");
}

TEST_CASE("ids are the created row's own, whatever their type and wherever they are told") {
  struct Row {
    const char* status;
    const char* fields;
    const char* body;
    const char* path;  ///< of the row
  };
  const auto row = GENERATE(values<Row>({
      {"201 Created", "", R"({"owner": {"id": 7}, "id": 42})", "/items/42"},
      {"201 Created", "", R"({"id": "5f0c9b1e-0000-4000-8000-000000000001"})",
       "/items/5f0c9b1e-0000-4000-8000-000000000001"},
      {"201 Created", "", R"({"id": "a/b c"})", "/items/a%2Fb%20c"},
      {"201 Created", "Location: /items/77\r\n", "", "/items/77"},
      {"201 Created", "Location: http://other.test/items/x%20y/?z\r\n", "{}", "/items/x%20y"},
  }));
  CAPTURE(row.body, row.fields);
  std::mutex mutex;
  std::set<std::string> asked;
  FakeServer server([&](const std::string& request) -> FakeServer::Reply {
    if (asks_for(request, "POST ")) {
      const std::string body = row.body;
      return {std::string("HTTP/1.1 ") + row.status + "\r\n" + row.fields +
              "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body};
    }
    const std::lock_guard lock(mutex);
    asked.insert(request.substr(4, request.find(' ', 4) - 4));
    return {answer_200("{}")};
  });
  check_good(
      run(server, "[paths]\nitem = \"/items/{id}\"\n[[task]]\ndo = \"create\"\n[[task]]\ndo = \"get\"\n"));
  CHECK(asked == std::set<std::string>{row.path});
}

TEST_CASE("the stages of requests make up what they took, and connecting is the first one's") {
  FakeServer server([](const std::string&) {
    std::this_thread::sleep_for(5ms);
    return FakeServer::Reply{answer_200("ok")};
  });
  const auto result = run(server, plain_task);
  check_good(result);
  REQUIRE(result.waterfall.size() == 3);  // it is not https
  const auto& [connect, wait, transfer] =
      std::tie(result.waterfall[0], result.waterfall[1], result.waterfall[2]);
  CHECK(connect.stage == RequestStage::connect);
  CHECK(connect.requests == 4);  // users
  CHECK(wait.stage == RequestStage::wait);
  CHECK(wait.mean >= 5ms);
  CHECK(transfer.stage == RequestStage::transfer);
  CHECK(transfer.requests == 0);  // each answer came in one piece
  CHECK((connect.mean + wait.mean + transfer.mean).count() ==
        Approx(result.total.good.service.mean.count()).epsilon(0.01));
}

TEST_CASE("redirects are followed as often as asked, and else are the answer") {
  std::atomic<int> followed{0};
  FakeServer server([&](const std::string& request) -> FakeServer::Reply {
    if (asks_for(request, "GET /new?x=1 ")) return ++followed, FakeServer::Reply{answer_200("ok")};
    if (asks_for(request, "GET /hostile "))
      return {with_status("302 Found",
                          "Location: ftp://a/?token=abc&x=\x1b[31m\xff" + std::string(5'000, 'y') + "\r\n")};
    return {with_status("302 Found",
                        asks_for(request, "GET /loop ") ? "Location: /loop\r\n" : "Location: new?x=1\r\n")};
  });
  SECTION("followed") {
    check_good(run(server, plain_task, {.follow = 2}));
    CHECK(followed > 0);
  }
  SECTION("not followed") {
    const auto result = run(server, plain_task);
    CHECK(result.total.failed == result.total.requests);
    CHECK(result.failures.front().message == "302");
    CHECK(followed == 0);
  }
  SECTION("to a place that nobody should read") {
    const auto result =
        run(server, "[[task]]\ndo = \"request\"\nmethod = \"GET\"\npath = \"/hostile\"\n", {.follow = 1});
    const auto& message = result.failures.front().message;
    CHECK_THAT(message, Catch::Contains("?token=***") && Catch::EndsWith("…"));
    CHECK(message.size() < 400);
    CHECK(message.find_first_of("\x1b\xff") == std::string::npos);
  }
  SECTION("in a circle") {
    const auto result =
        run(server, "[[task]]\ndo = \"request\"\nmethod = \"GET\"\npath = \"/loop\"\n", {.follow = 3});
    CHECK(result.total.failed == result.total.requests);
    CHECK(result.failures.front().message == "redirected more than 3 times, at last to /loop");
  }
}

TEST_CASE("each user has cookies of its own, and keeps them over a redirect and a new connection") {
  std::atomic<int> users{0};
  std::mutex mutex;
  std::set<std::string> seen;
  FakeServer server([&](const std::string& request) -> FakeServer::Reply {
    const auto cookie = request.find("Cookie: session=");
    if (cookie == std::string::npos) {
      const auto field =
          "Set-Cookie: session=" + std::to_string(++users) + "; Path=/; HttpOnly\r\nLocation: /\r\n";
      return {with_status("303 See Other", field), 0ms};
    }
    const std::lock_guard lock(mutex);
    seen.insert(request.substr(cookie, request.find('\r', cookie) - cookie));
    return {answer_200("ok")};
  });
  check_good(run(server, plain_task, {.follow = 1}));
  CHECK(users == 4);
  CHECK(seen.size() == 4);
}

TEST_CASE("a body that came as gzip is looked at as what it holds") {
  const std::string hello(
      "\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03\xcb\x48\xcd\xc9\xc9\x07\x00\x86\xa6\x10\x36\x05\x00\x00\x00",
      25);
  const bool good = GENERATE(true, false);
  FakeServer server([&](const std::string&) {
    return FakeServer::Reply{answer_200(good ? hello : "hello", "Content-Encoding: gzip\r\n")};
  });
  const auto result = run(server, plain_task + "body_contains = \"hello\"\n");
  if (good) return check_good(result);
  CHECK(result.total.failed == result.total.requests);
  CHECK(result.failures.front().message == "the body is not the gzip that Content-Encoding says it is");
}

TEST_CASE("a target can be a socket's path, with a path in front of all others") {
  const Folder folder("http_transport");
  std::atomic<int> wrong{0};
  FakeServer server(
      [&](const std::string& request) -> FakeServer::Reply {
        if (!asks_for(request, "GET /api/x ") || request.find("Host: localhost\r\n") == std::string::npos)
          ++wrong;
        return {answer_200("ok")};
      },
      (folder / "s.sock").string());
  const auto target = find_target(server.url() + ":/api/", 5s);
  REQUIRE(target.has_value());
  check_good(run(*target, "[[task]]\ndo = \"request\"\nmethod = \"GET\"\npath = \"/x\"\n"));
  CHECK(wrong == 0);
}

TEST_CASE("an entry of addresses that names no host, no port or no address is refused") {
  const auto entry = GENERATE(values<std::string>(
      {":80:", ":80:127.0.0.1", "h:80:", "h::127.0.0.1", "h:0:127.0.0.1", "h:80:127.0.0.1,", "h:80", ""}));
  const auto target = read_target("http://127.0.0.1:1", {.resolve = {entry}});
  REQUIRE_FALSE(target.has_value());
  CHECK(target.error().message ==
        "--resolve '" + entry + "' must be HOST:PORT:ADDRESS, as in db.test:443:127.0.0.1");
}

TEST_CASE("a text that is not in the kept front of a long body is told so") {
  FakeServer server([&](const std::string&) {
    return FakeServer::Reply{answer_200(std::string(ResponseReader::most_kept_body + 1, 'x') + "wanted")};
  });
  const auto result = run(server, "[[task]]\nmethod = \"GET\"\npath = \"/\"\nbody_contains = \"wanted\"\n");
  CHECK(result.failures.front().message ==
        "the body lacks what body_contains demands: of the body only the first 1048576 bytes were kept");
}

TEST_CASE("addresses of a host are tried in turn, also in the middle of a run") {
  FakeServer server([](const std::string&) { return FakeServer::Reply{answer_200("ok"), 0ms}; });
  const auto port = std::to_string(server.port());
  auto target = find_target("http://app.test:" + port, 5s,
                            {.resolve = {"app.test:" + port + ":127.0.0.9,[::1],127.0.0.1"}});
  REQUIRE(target.has_value());
  CHECK(target->authority == "app.test:" + port);
  REQUIRE(target->origin.addresses.size() == 3);
  std::ranges::rotate(target->origin.addresses,
                      target->origin.addresses.begin() + 1);  // one that refuses is first
  check_good(run(*target, plain_task));
}
