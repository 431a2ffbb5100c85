// Whole runs whose requests are led from server to server, or whose target moves.
#include <boost/asio/ip/tcp.hpp>
#include <catch2/catch.hpp>
#include <memory>
#include <mutex>
#include <set>
#include <thread>

#include "helpers/fake_server.hpp"
#include "helpers/io_modes.hpp"
#include "helpers/tls_server.hpp"
#include "helpers/transport_run.hpp"

using namespace troupe;
using namespace troupe::sim;
using namespace troupe::tests;
using namespace std::chrono_literals;

namespace {

const std::string guarded =
    "[[task]]\ndo = \"request\"\nmethod = \"GET\"\npath = \"/\"\nheaders = { Authorization = \"Bearer "
    "secret\", "
    "X-Shop = \"7\" }\n";

std::string leads_to(const std::string& location, const std::string& fields = "") {
  return "HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: " + location + "\r\n" + fields + "\r\n";
}

/// The lines of a request that a server must not mix up with another's.
std::string telling_lines(const std::string& request) {
  std::string out = request.substr(0, request.find('\r'));
  for (const auto* name : {"Host: ", "Authorization: ", "X-Shop: ", "Cookie: "}) {
    const auto at = request.find(name);
    if (at != std::string::npos) out += '|' + request.substr(at, request.find('\r', at) - at);
  }
  return out;
}

/// What servers were asked, each once.
class Asked {
 public:
  void add(const std::string& request) {
    const std::lock_guard lock(mutex_);
    lines_.insert(telling_lines(request));
  }
  std::set<std::string> lines() {
    const std::lock_guard lock(mutex_);
    return lines_;
  }

 private:
  std::mutex mutex_;
  std::set<std::string> lines_;
};

/// The target's own host has a name: addresses of one machine are all the same host to cookies.
HttpTarget named(unsigned short port, const std::string& host, std::vector<std::string> resolve) {
  const auto number = std::to_string(port);
  resolve.push_back(host + ':' + number + ":127.0.0.1");
  return find_target("http://" + host + ':' + number, 5s, {.resolve = std::move(resolve)}).value();
}

}  // namespace

TEST_CASE("a redirect leads to another server, which gets neither the first one's token nor its cookies") {
  Asked by_other;
  FakeServer other([&](const std::string& request) {
    by_other.add(request);
    return FakeServer::Reply{answer_200("ok", "Set-Cookie: theirs=1; Path=/\r\n")};
  });
  const auto number = std::to_string(other.port());
  FakeServer first([&](const std::string&) {
    return FakeServer::Reply{
        leads_to("http://files.test:" + number + "/f?x=1", "Set-Cookie: ours=1; Path=/\r\n")};
  });
  const auto target = named(first.port(), "shop.test", {"files.test:" + number + ":127.0.0.1"});
  check_good(run_on(GENERATE(from_range(io_modes())), target, guarded, {.follow = 1}));
  const auto request = "GET /f?x=1 HTTP/1.1|Host: files.test:" + number + "|X-Shop: 7";
  CHECK(by_other.lines() == std::set<std::string>{request, request + "|Cookie: theirs=1"});
  CHECK(other.connections == 4);  // one of each user
  CHECK(first.connections == 5);  // one looked whether the server is there
}

TEST_CASE("a login at another server leads back to where it began") {
  std::string login;
  FakeServer shop([&](const std::string& request) -> FakeServer::Reply {
    const bool is_back = request.starts_with("GET /back ");
    return {is_back ? answer_200(request.find("Cookie: cart=1") != std::string::npos ? "welcome" : "who?")
                    : leads_to(login, "Set-Cookie: cart=1; Path=/\r\n")};
  });
  const auto back = "http://shop.test:" + std::to_string(shop.port()) + "/back";
  FakeServer identity([&](const std::string&) { return FakeServer::Reply{leads_to(back)}; });
  login = identity.url() + "/login";
  check_good(run_on(GENERATE(from_range(io_modes())), named(shop.port(), "shop.test", {}),
                    getting() + "body_contains = \"welcome\"\n", {.follow = 2}));
  CHECK(shop.connections == 5);  // the way back is by the connection that is there
}

TEST_CASE("a redirect leads from http to https, whose certificate must be good") {
  const TestAuthority authority("other_servers");
  const bool good = GENERATE(true, false);
  TlsServer secure(authority.certify(good ? "IP:127.0.0.1" : "DNS:other.test"), answer_200("ok"));
  FakeServer plain([&](const std::string&) {
    return FakeServer::Reply{leads_to("https://127.0.0.1:" + std::to_string(secure.port()) + "/")};
  });
  const auto target = find_target(plain.url(), 5s, {.tls = {.ca_file = authority.file()}}).value();
  const auto result =
      run_on(GENERATE(from_range(io_modes())), target, getting(), {.users = "1", .follow = 1});
  if (good) return check_good(result);
  CHECK(result.total.failed == result.total.requests);
  CHECK_THAT(result.failures.front().message, Catch::Contains("IP address mismatch"));
}

TEST_CASE("a redirect that cannot be followed is a failure that says why") {
  struct Row {
    const char* location;
    const char* message;
    const char* kind = "protocol";
  };
  const auto row = GENERATE(values<Row>({
      {"ftp://files.test/", "redirected to ftp://files.test/, which is no http URL"},
      {"http://127.0.0.1:1/", "cannot connect: Connection refused", "connection"},
      {"http://nowhere.test/", "nobody knows nowhere.test", "connection"},
  }));
  FakeServer server([&](const std::string&) { return FakeServer::Reply{leads_to(row.location)}; });
  const auto nobody = [](const std::string& name) -> Addresses {
    return Error{ErrorCode::unavailable, "nobody knows " + name};
  };
  const auto result = run_on(GENERATE(from_range(io_modes())), find_target(server.url(), 5s).value(),
                             getting(), {.follow = 3, .resolve = nobody});
  CHECK(result.total.failed == result.total.requests);
  REQUIRE_FALSE(result.failures.empty());
  CHECK(result.failures.front().message == row.message);
  CHECK(result.failures.front().kind == row.kind);
}

TEST_CASE("a name in a redirect is looked up while everybody waits for it, and nobody for the look-up") {
  FakeServer other([](const std::string&) { return FakeServer::Reply{answer_200("ok")}; });
  FakeServer first([&](const std::string& request) {
    return FakeServer::Reply{request.starts_with("GET /led ")
                                 ? leads_to("http://slow.test:" + std::to_string(other.port()) + "/")
                                 : answer_200("ok")};
  });
  const auto slow = [](const std::string&) -> Addresses {
    std::this_thread::sleep_for(500ms);
    return std::vector<std::string>{"127.0.0.1"};
  };
  const auto result = run_on(GENERATE(from_range(io_modes())), find_target(first.url(), 5s).value(),
                             getting() + "weight = 20\n" + getting("/led"),
                             {.duration = "900ms", .follow = 1, .resolve = slow});
  check_good(result);
  CHECK(result.tasks[0].good.service.max < 300ms);
  CHECK(result.tasks[1].good.service.max >= 400ms);
}

TEST_CASE("users of more servers than two keep the connections that they used last") {
  std::vector<std::unique_ptr<FakeServer>> servers;
  for (int i = 0; i < 3; ++i) {
    const auto next = i == 0 ? std::string() : servers.back()->url() + "/";
    servers.push_back(std::make_unique<FakeServer>([next](const std::string&) {
      return FakeServer::Reply{next.empty() ? answer_200("ok") : leads_to(next)};
    }));
  }
  FakeServer first(
      [&](const std::string&) { return FakeServer::Reply{leads_to(servers.back()->url() + "/")}; });
  const auto result = run_on(GENERATE(from_range(io_modes())), find_target(first.url(), 5s).value(),
                             "think_time = { kind = \"constant\", value = \"5ms\" }\n" + getting(),
                             {.users = "1", .follow = 3});
  check_good(result);
  CHECK(first.connections == 2);
  CHECK(servers[0]->connections >= 2);  // two places for three servers
}

TEST_CASE("a target whose name leads elsewhere is found again, in the middle of a run") {
  FakeServer server([](const std::string&) { return FakeServer::Reply{answer_200("ok"), 0ms}; });
  auto target = find_target(server.url(), 5s).value();
  // Where it was when the run began.
  target.origin.addresses = {
      boost::asio::ip::tcp::endpoint(boost::asio::ip::make_address("127.0.0.9"), server.port())};
  target.origin.host = "moving.test";
  target.origin.lookup_port = server.port();
  const auto result = run_on(GENERATE(from_range(io_modes())), target, getting(),
                             {.duration = "3s", .resolve = [](const std::string& name) -> Addresses {
                                if (name != "moving.test") return Error{ErrorCode::unavailable, name};
                                return std::vector<std::string>{"127.0.0.1"};
                              }});
  CHECK(result.total.failed > 0);
  CHECK(result.total.good.response.count > 100);
}
