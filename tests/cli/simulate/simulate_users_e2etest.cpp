// `troupe simulate` on a service behind a login, `--check`, and `troupe scenarios`.
#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <catch2/catch.hpp>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "helpers/fake_server.hpp"
#include "helpers/folder.hpp"
#include "helpers/server_process.hpp"
#include "sim/result/results_io.hpp"

using namespace troupe;
using namespace troupe::tests;
using Catch::Contains;

namespace {

/// A service with a login: POST /login gives the user's token, GET /private wants it, and a form at /form.
class LoginServer {
 public:
  LoginServer() : listener_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    REQUIRE(::bind(listener_, reinterpret_cast<sockaddr*>(&address), size) == 0);
    REQUIRE(::listen(listener_, 64) == 0);
    REQUIRE(::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size) == 0);
    url = "http://127.0.0.1:" + std::to_string(ntohs(address.sin_port));
    acceptor_ = std::thread([this] { accept_all(); });
  }
  ~LoginServer() {
    ::shutdown(listener_, SHUT_RDWR);
    acceptor_.join();
    ::close(listener_);
    for (const int connection : connections_) ::shutdown(connection, SHUT_RDWR);
    for (auto& thread : threads_) thread.join();
    for (const int connection : connections_) ::close(connection);
  }
  std::string url;
  std::atomic<int> logins{0}, refused{0};

 private:
  void accept_all() {
    for (int connection = 0; (connection = ::accept(listener_, nullptr, nullptr)) >= 0;) {
      connections_.push_back(connection);
      threads_.emplace_back([this, connection] { serve(connection); });
    }
  }

  void serve(int connection) {
    std::string bytes;
    char buffer[4096];
    for (;;) {
      const auto head = bytes.find("\r\n\r\n");
      const auto length = bytes.find("Content-Length: ");
      const auto body = length < head ? std::stoul(bytes.substr(length + 16)) : 0;
      if (head != std::string::npos && bytes.size() >= head + 4 + body) {
        const auto answer = answer_to(bytes.substr(0, head + 4 + body));
        if (::send(connection, answer.data(), answer.size(), MSG_NOSIGNAL) < 0) return;
        bytes.erase(0, head + 4 + body);
        continue;
      }
      const auto count = ::recv(connection, buffer, sizeof buffer, 0);
      if (count <= 0) return;
      bytes.append(buffer, static_cast<std::size_t>(count));
    }
  }

  std::string answer_to(const std::string& request) {
    if (request.starts_with("POST /login ")) {
      ++logins;
      const auto name = request.find("\"user\":\"");
      if (name == std::string::npos) return with_status("422 Unprocessable Content", "{}");
      const auto user = request.substr(name + 8, request.find('"', name + 8) - name - 8);
      return with_status("200 OK", "{\"access_token\":\"token-of-" + user + "\"}");
    }
    if (request.find("Authorization: Bearer token-of-u") == std::string::npos) {
      ++refused;
      return with_status("401 Unauthorized", "{}");
    }
    return with_status("200 OK", "{\"ok\":true,\"password\":\"hidden\"}");
  }

  static std::string with_status(const std::string& status, const std::string& body) {
    return "HTTP/1.1 " + status +
           "\r\nContent-Type: application/json\r\nSet-Cookie: s=hidden\r\nContent-Length: " +
           std::to_string(body.size()) + "\r\n\r\n" + body;
  }

  int listener_;
  std::thread acceptor_;
  std::vector<int> connections_;
  std::vector<std::thread> threads_;
};

const std::string login = R"([[user]]
[[user.start]]
name = "login"
method = "POST"
path = "/login"
json = { user = "u{user}", password = "hidden" }
extract = { token = "/access_token" }
[[user.task]]
name = "private"
method = "GET"
path = "/private"
headers = { Authorization = "Bearer {token}" }
checks.json."/ok" = true
)";

Finished simulate(const LoginServer& server, const std::string& scenario, std::vector<std::string> more,
                  std::map<std::string, std::string> environment = {}) {
  const Folder folder("simulate_users");
  write_content(folder / "s.toml", scenario);
  std::vector<std::string> arguments{"simulate", "--target", server.url, "--scenario",
                                     (folder / "s.toml").string()};
  arguments.insert(arguments.end(), more.begin(), more.end());
  return run_troupe({.arguments = arguments, .environment = std::move(environment)});
}

}  // namespace

TEST_CASE("users log in, each once, and work behind the login", "[simulate]") {
  LoginServer server;
  const auto ran =
      simulate(server, login, {"-u", "8", "-t", "1s", "--warm-up", "0s", "--quiet", "--json", "-"});
  INFO(ran.err);
  CHECK(ran.code == 0);
  const auto result = sim::read_json(ran.out).value();
  CHECK(server.logins == 8);
  CHECK(server.refused == 0);
  CHECK(result.total.failed == 0);
  CHECK(result.tasks[0].requests == 8);
  CHECK(result.tasks[1].requests > 100);
}

TEST_CASE("a check prints every request and answer once, with secrets masked", "[simulate]") {
  LoginServer server;
  const auto ran = simulate(server, login, {"--check"});
  INFO(ran.err);
  CHECK(ran.code == 0);
  CHECK_THAT(ran.out, Contains("\nlogin\n> POST /login HTTP/1.1\n> Host: 127.0.0.1:") &&
                          Contains("> {\"password\":\"***\",\"user\":\"u1\"}") && Contains("< 200\n") &&
                          Contains("< {\"access_token\":\"***\"}") && Contains("< Set-Cookie: ***") &&
                          Contains("\nprivate\n> GET /private HTTP/1.1\n") &&
                          Contains("> Authorization: ***") && Contains("\n2 requests, 0 faults\n"));
  CHECK_THAT(ran.out, !Contains("hidden") && !Contains("token-of"));
  CHECK(server.logins == 1);
}

TEST_CASE(
    "a check shows what is sent to where a redirect leads, with cookies, and no value that is a secret") {
  FakeServer server([](const std::string& request) -> FakeServer::Reply {
    const auto begins = [&](const std::string& line) { return request.starts_with(line); };
    if (begins("GET /begin ")) return {answer_200("<b>v4lue/1</b>")};
    if (begins("GET /of/v4lue%2F1 "))
      return {
          "HTTP/1.1 302 Found\r\nSet-Cookie: a=h1dden; Path=/\r\nLocation: /new one?token=h1dden\r\n"
          "Content-Length: 0\r\n\r\n"};
    return {answer_200(begins("GET /new%20one?token=h1dden ") ? "end of v4lue/1" : "wrong")};
  });
  const Folder folder("simulate_hops");
  write_content(folder / "s.toml",
                "[[user]]\n[[user.start]]\nmethod = \"GET\"\npath = \"/begin\"\nextract = { csrf = "
                "\"regex:<b>(.*)</b>\" }\n[[user.task]]\nmethod = \"GET\"\npath = \"/of/{csrf}\"\nfollow = "
                "2\nchecks.text = \"end\"\n");
  const auto ran = run_troupe({.arguments = {"simulate", "--target", server.url(), "--scenario",
                                             (folder / "s.toml").string(), "--check"}});
  INFO(ran.out << ran.err);
  CHECK(ran.code == 0);
  CHECK_THAT(ran.out,
             Contains("< <b>***</b>\n") && Contains("> GET /of/*** HTTP/1.1\n") &&
                 Contains("→ 302 Location: /new one?token=***\n> GET /new%20one?token=*** HTTP/1.1\n") &&
                 Contains("> Cookie: ***\n< 200\n") && Contains("< end of ***\n") &&
                 Contains("\n2 requests, 0 faults\n"));
  CHECK_THAT(ran.out, !Contains("v4lue") && !Contains("h1dden"));
}

TEST_CASE("a check that finds a fault says it and exits 4", "[simulate]") {
  LoginServer server;
  const auto wrong = std::string(login).replace(login.find("/access_token"), 13, "/token");
  const auto ran = simulate(server, wrong, {"--check"});
  CHECK(ran.code == 4);
  CHECK_THAT(ran.out, Contains("FAULT login: check: cannot take token: the body has no /token") &&
                          Contains("FAULT private: unsent: needs {token}, which no answer has given") &&
                          Contains("1 requests, 2 faults"));
}

TEST_CASE("a token of the environment and fields of the command line reach every request", "[simulate]") {
  LoginServer server;
  const std::string get = "[[task]]\nmethod = \"GET\"\npath = \"/private\"\n";
  const std::vector<std::string> load{"-u", "2", "-t", "300ms", "--warm-up", "0s", "--json", "-"};
  auto with_flag = load;
  with_flag.insert(with_flag.end(), {"--header", "Authorization: Bearer token-of-u7"});
  const auto by_flag = simulate(server, get, with_flag);
  CHECK(by_flag.code == 0);
  CHECK_THAT(sim::read_json(by_flag.out).value().run.command, Contains("'Authorization: ***'"));
  auto with_variable = load;
  with_variable.insert(with_variable.end(), {"--bearer-env", "MY_TOKEN"});
  CHECK(simulate(server, get, with_variable, {{"MY_TOKEN", "token-of-u7"}}).code == 0);
  CHECK(server.refused == 0);
  const auto without = simulate(server, get, {"--bearer-env", "MY_TOKEN"});
  CHECK(without.code == 2);
  CHECK_THAT(without.err, Contains("--bearer-env: the environment has no MY_TOKEN"));
}

TEST_CASE("a token with braces is sent as it is", "[simulate]") {
  std::atomic<bool> literal{true};
  FakeServer server([&](const std::string& request) {
    if (request.find("\r\nAuthorization: Bearer a{uuid}b}{c\r\n") == request.npos) literal = false;
    return FakeServer::Reply{answer_200("{}")};
  });
  const Folder folder("simulate_token");
  const auto scenario = (folder / "one.toml").string();
  write_content(scenario, "[[task]]\nmethod = \"GET\"\npath = \"/\"\n");
  Launch launch{{"simulate", "--target", server.url(), "--scenario", scenario, "-u", "1", "-t", "300ms",
                 "--bearer-env", "MY_TOKEN"}};
  launch.environment["MY_TOKEN"] = "a{uuid}b}{c";
  const auto ran = TroupeProcess(launch).finish();
  INFO(ran.out << ran.err);
  CHECK(ran.code == 0);
  CHECK(literal);
}

TEST_CASE("what could not be sent, and what never was, is told", "[simulate]") {
  LoginServer server;
  const std::string scenario =
      "think_time = { kind = \"constant\", value = \"50ms\" }\n"
      "[[task]]\nname = \"next\"\nmethod = \"GET\"\npath = \"/{next}\"\n"
      "[[task]]\nname = \"other\"\nmethod = \"GET\"\npath = \"/\"\nextract.next = \"/next\"\nauth.bearer = "
      "\"token-of-u1\"\n";
  const auto ran = simulate(server, scenario, {"-u", "4", "-t", "1s", "--warm-up", "0s"});
  CHECK_THAT(ran.out, Contains("were not sent, for lack of a value or of data") &&
                          Contains("Without a request in the measured time: next") &&
                          Contains("unsent: needs {next}, which no answer has given"));
}

TEST_CASE("scenarios are listed with what they are", "[simulate]") {
  const auto ran = run_troupe({.arguments = {"scenarios"}});
  CHECK(ran.code == 0);
  CHECK_THAT(ran.out, Contains("crud ") && Contains("\nmixed  shop without thinking"));
}

TEST_CASE("a check is no load", "[simulate]") {
  LoginServer server;
  const auto ran = simulate(server, login, {"--check", "-u", "3"});
  CHECK(ran.code == 2);
  CHECK_THAT(ran.err, Contains("--check is one pass of one user"));
}
