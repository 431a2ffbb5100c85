// Readiness is asked with the client that users have, over real sockets.
#include "sweep/run/readiness.hpp"

#include <atomic>
#include <catch2/catch.hpp>
#include <mutex>
#include <string>
#include <vector>

#include "helpers/fake_server.hpp"

using namespace troupe;
using namespace troupe::sweep;
using tests::FakeServer;
using namespace std::chrono_literals;

namespace {

const auto never = [] { return false; };

}  // namespace

TEST_CASE("a service is ready when the very path that was given answers well, however often that takes") {
  std::mutex mutex;
  std::vector<std::string> lines;
  FakeServer server([&](const std::string& request) {
    const std::lock_guard lock(mutex);
    lines.push_back(request.substr(0, request.find("\r\n")));
    const bool well = lines.size() > 2;
    return FakeServer::Reply{well ? tests::answer_200("ok")
                                  : "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n"};
  });
  const auto path = GENERATE(as<std::string>(), "/health/", "/health/?deep=1", "/");
  CHECK(wait_until_ready(server.url() + path, 10s, {}, never).has_value());
  const std::lock_guard lock(mutex);
  CHECK(lines == std::vector<std::string>(3, "GET " + path + " HTTP/1.1"));
  CHECK(server.connections == 3);  // one for each question
}

TEST_CASE("who is not ready in time is told by the last answer, and what can never be asked at once") {
  FakeServer server([](const std::string&) {
    return FakeServer::Reply{"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"};
  });
  const auto late = wait_until_ready(server.url() + "/x", 200ms, {}, never);
  CHECK(late.error().message ==
        "not ready within 0.2 s (--ready-timeout): GET " + server.url() + "/x: status 404");
  const auto hopeless = wait_until_ready("https://127.0.0.1:1/", 60s,
                                         {.tls = {.verify = true, .ca_file = "/nothing.pem"}}, never);
  CHECK(hopeless.error().code == ErrorCode::invalid_argument);
  CHECK(wait_until_ready("http://127.0.0.1:1/", 60s, {}, [] { return true; }).has_error());
}

TEST_CASE("a URL that readiness cannot be asked of is refused without its password") {
  CHECK_FALSE(check_ready_url("http://h/x?y=1").has_error());
  CHECK_FALSE(check_ready_url("unix:/run/app.sock:/health").has_error());
  CHECK(check_ready_url("ftp://h/").error().message ==
        "--ready 'ftp://h/' is no URL to ask: write http://HOST:PORT/PATH");
  const auto secret = check_ready_url("http://me:hunter2@h/").error().message;
  CHECK(secret.find("hunter2") == std::string::npos);
  CHECK_THAT(secret, Catch::EndsWith("must not hold a user or a password"));
}
