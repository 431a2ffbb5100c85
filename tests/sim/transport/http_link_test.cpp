#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>
#include <catch2/catch.hpp>

#include <thread>

#include "sim/scenario/scenario_reader.hpp"
#include "sim/transport/http_target.hpp"
#include "sim/transport/render_request.hpp"

using namespace troupe;
using namespace troupe::sim;
using namespace std::chrono_literals;

namespace {

/// The request of a scenario's task, about item `id` or with these values.
std::string render(const Scenario& scenario, std::size_t task, std::int64_t id = 0,
                   const RowValues* values = nullptr) {
  const auto material = items_material(scenario);
  Call call{.task = &scenario.tasks[task], .material = &material->tasks[task], .table = &material->tables[0]};
  if (id != 0) call.key = integer_key(id);
  call.values = values;
  std::string out, scratch;
  render_request({"http://host:81/api", "host:81", "/api", {}}, call, out, scratch);
  return out;
}

/// Answers one connection with fixed bytes and closes it; its URL.
class OneAnswer {
 public:
  explicit OneAnswer(std::string answer) {
    listener_ = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    REQUIRE(::bind(listener_, reinterpret_cast<sockaddr*>(&address), size) == 0);
    REQUIRE(::listen(listener_, 8) == 0);
    REQUIRE(::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size) == 0);
    url = "http://127.0.0.1:" + std::to_string(ntohs(address.sin_port));
    server_ = std::thread([this, answer = std::move(answer)] {
      char buffer[4096];
      for (int connection = 0; (connection = ::accept(listener_, nullptr, nullptr)) >= 0;
           ::close(connection)) {
        if (::recv(connection, buffer, sizeof buffer, 0) > 0) {
          static_cast<void>(::send(connection, answer.data(), answer.size(), MSG_NOSIGNAL));
        }
      }
    });
  }
  ~OneAnswer() {
    ::shutdown(listener_, SHUT_RDWR);
    server_.join();
    ::close(listener_);
  }
  std::string url;

 private:
  int listener_;
  std::thread server_;
};

}  // namespace

TEST_CASE("a call becomes the bytes of one request", "[sim][http]") {
  const auto scenario = parse_scenario(
                            "[paths]\nitem = \"/items/{id}/\"\n[[task]]\ndo = \"get\"\n[[task]]\ndo = "
                            "\"create\"\n[[task]]\ndo = \"request\"\nmethod = \"POST\"\npath = \"/x\"\n",
                            "t.toml")
                            .value();
  CHECK(render(scenario, 0, 12) == "GET /api/items/12/ HTTP/1.1\r\nHost: host:81\r\n\r\n");
  const auto items = postgres::declared_items();
  RowValues values;
  values.add(items->resource.find("name").value(), schema::Scalar::Kind::text, "a\"b");
  values.add_null(items->resource.find("description").value());
  values.add(items->resource.find("price").value(), schema::Scalar::Kind::number, "2.0");
  values.add_boolean(items->resource.find("in_stock").value(), true);
  CHECK(render(scenario, 1, 0, &values) ==
        "POST /api/items/ HTTP/1.1\r\nHost: host:81\r\nContent-Type: application/json\r\nContent-Length: "
        "62\r\n\r\n"
        R"({"name":"a\"b","description":null,"price":2.0,"in_stock":true})");
  CHECK(render(scenario, 2) == "POST /api/x HTTP/1.1\r\nHost: host:81\r\nContent-Length: 0\r\n\r\n");
}

TEST_CASE("a target is told apart from what cannot be one", "[sim][http]") {
  const OneAnswer server("");
  const auto target = find_target(server.url + "/api/", 5s);
  REQUIRE(target.has_value());
  CHECK("http://" + target->authority == server.url);
  CHECK(target->prefix == "/api");

  CHECK_THAT(find_target("localhost:80", 1s).error().message, Catch::Contains("is not an http URL"));
  CHECK_THAT(find_target("/items", 1s).error().message, Catch::Contains("is not a URL"));
  CHECK(find_target("http://a/?b", 1s).error().code == ErrorCode::invalid_argument);
  for (const auto* const port : {"0", "65536", "99999", "4294967376"}) {
    CHECK_THAT(find_target("http://127.0.0.1:" + std::string(port), 1s).error().message,
               Catch::Contains("has a port that is not between 1 and 65535"));
  }
  const auto refused = find_target("http://127.0.0.1:1", 1s);
  CHECK(refused.error().message == "cannot reach the target http://127.0.0.1:1: Connection refused");
  CHECK(refused.error().code == ErrorCode::unavailable);
}

TEST_CASE("a server that is not the items API is refused with what it answered", "[sim][http]") {
  const auto scenario = parse_scenario("[[task]]\ndo = \"list\"\n", "t.toml").value();
  const auto check = [&](const std::string& answer, const Scenario& with) {
    const OneAnswer server(answer);
    const auto done = check_items_api(find_target(server.url, 5s).value(), with, 5s);
    return done ? "fine" : done.error().message.substr(server.url.size());
  };
  const std::string expected =
      " is not the items API: GET /items/?limit=1 should answer 2xx with a JSON array, and answered ";
  const std::string hint = " (other routes: a scenario with [paths]; --no-check goes on all the same)";
  CHECK(check("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n[]", scenario) == "fine");
  CHECK(check("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n", scenario) ==
        expected + "status 404" + hint);
  CHECK(check("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi", scenario) ==
        expected + "a body that is not JSON" + hint);
  CHECK(check("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}", scenario) ==
        expected + "JSON that is no array" + hint);
  CHECK(check("HTTP/1.1 200 OK\r\nContent-Length: 14\r\n\r\n{\"results\":[]}", scenario) == "fine");
  const auto own =
      parse_scenario("[[task]]\ndo = \"request\"\nmethod = \"GET\"\npath = \"/x\"\n", "t.toml").value();
  CHECK(check("", own) == "fine");
}
