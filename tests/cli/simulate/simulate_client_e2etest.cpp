// What the flags about an outside server do.
#include <algorithm>
#include <catch2/catch.hpp>
#include <fstream>

#include "helpers/fake_server.hpp"
#include "helpers/folder.hpp"
#include "helpers/server_process.hpp"
#include "helpers/tls_server.hpp"

using namespace troupe::tests;
using Catch::Contains;

namespace {

Finished simulate(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), {"simulate", "-u", "1", "-t", "300ms"});
  return run_troupe({.arguments = std::move(arguments)});
}

std::string scenario_in(const Folder& folder) {
  const auto path = (folder / "one.toml").string();
  std::ofstream(path) << "[[task]]\ndo = \"request\"\nmethod = \"GET\"\npath = \"/\"\n";
  return path;
}

}  // namespace

TEST_CASE("an https target is trusted by its authority, by nobody, or without a look", "[simulate]") {
  const Folder folder("simulate_client");
  const TestAuthority authority("simulate_client_ca");
  TlsServer server(authority.certify("DNS:app.test"), "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
  const auto port = std::to_string(server.port());
  const auto run = [&](std::vector<std::string> flags) {
    flags.insert(flags.end(), {"--target", "https://app.test:" + port, "--resolve",
                               "app.test:" + port + ":127.0.0.1", "--scenario", scenario_in(folder)});
    return simulate(std::move(flags));
  };
  const auto trusted = run({"--cacert", authority.file()});
  INFO(trusted.err);
  CHECK(trusted.code == 0);
  CHECK_THAT(trusted.out, Contains("TLS: 2 handshakes, 0 resumed"));
  CHECK(run({"--insecure"}).code == 0);
  const auto unknown = run({});
  CHECK(unknown.code == 3);
  CHECK(unknown.err ==
        "troupe: cannot reach the target https://app.test:" + port +
            ": the certificate of app.test is not accepted: unable to get local issuer certificate "
            "(--cacert FILE trusts another authority, --insecure any certificate)\n");
}

TEST_CASE("mistakes about an outside server are told in one line", "[simulate]") {
  struct Row {
    std::vector<std::string> flags;
    std::string fault;
  };
  const auto row = GENERATE(values<Row>({
      {{"--insecure"}, "they need --target"},
      {{"--no-check", "--stand-in-database"}, "they need --target"},
      {{"--target", "https://127.0.0.1:1", "--insecure", "--cacert", "x"},
       "--cacert and --insecure contradict"},
      {{"--target", "https://127.0.0.1:1", "--cacert", "/dev/null"},
       "cannot read certificates from /dev/null"},
      {{"--target", "http://a.test:80", "--resolve", "a.test:127.0.0.1"}, "must be HOST:PORT:ADDRESS"},
      {{"--target", "http://a.test:80", "--resolve", "a.test:80:there"}, "must be HOST:PORT:ADDRESS"},
      {{"--target", "ftp://a.test"}, "is not an http URL"},
      {{"--target", "unix:run/app.sock"}, "is not a socket's path"},
  }));
  const auto ran = simulate(row.flags);
  CHECK(ran.code == 2);
  CHECK_THAT(ran.err, Contains(row.fault));
  CHECK(std::count(ran.err.begin(), ran.err.end(), '\n') == 1);
}

TEST_CASE("a target need not be the items API when it is said", "[simulate]") {
  FakeServer server([](const std::string&) { return FakeServer::Reply{answer_200("{}")}; });
  const Folder folder("simulate_client");
  const auto path = (folder / "list.toml").string();
  std::ofstream(path) << "[[task]]\ndo = \"list\"\n";
  const auto refused = simulate({"--target", server.url(), "--scenario", path});
  CHECK(refused.code == 3);
  CHECK_THAT(refused.err, Contains("is not the items API") && Contains("--no-check"));
  CHECK(simulate({"--target", server.url(), "--scenario", path, "--no-check"}).code == 0);
}
