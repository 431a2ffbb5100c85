// Secrets that a run is given stand in nothing that it writes.
#include <catch2/catch.hpp>
#include <csignal>
#include <filesystem>
#include <string>
#include <vector>

#include "helpers/folder.hpp"
#include "helpers/http_client.hpp"
#include "helpers/own_postgres.hpp"
#include "helpers/server_process.hpp"

using namespace troupe::tests;
using Catch::Contains;

namespace {

/// Each of them holds this word, and nothing else does.
const std::string word = "hush";

std::string url_with_password(const OwnPostgres& database, const std::string& parameter) {
  return "postgresql://postgres:hush-password@/postgres?host=" + database.directory() +
         "&port=5432&connect_timeout=2" + parameter;
}

const std::string secret_fields =
    "Authorization: Bearer hush-token\r\nX-API-Key: hush-key\r\nCookie: session=hush-session\r\n"
    "Proxy-Authorization: Basic aHVzaDpodXNo\r\nReferer: https://a.example/?access_token=hush-referer\r\n";

/// All that a client can do with a secret in its hands, and that goes wrong for it.
void ask_much(std::uint16_t port) {
  for (const auto* target :
       {"/items/?token=hush-query", "/items/?password=hush-query&limit=x", "/nowhere?api%5Fkey=hush-query",
        "/items/1?access_token=eyJodXNoaHVzaA.eyJodXNoaHVzaA.hush", "/items/?next=https://me:hush-url@a/",
        "/metrics", "/health/ready", "/docs", "/"}) {
    for (const auto* accept : {"Accept: application/json\r\n", "Accept: text/html\r\n"})
      HttpClient(port).ask("GET", target, secret_fields + accept);
  }
  HttpClient(port).ask("BREW", "/items/?token=hush-query", secret_fields);
  HttpClient(port).ask("GET", "/items/?token=hush-query", secret_fields + "Content-Length: 99999999999\r\n");
  HttpClient(port).ask("POST", "/items/?token=hush-query",
                       secret_fields + "Content-Type: application/json\r\n",
                       R"({"name":"a","password":"hush-body","price":"hush-price"})");
}

}  // namespace

TEST_CASE("no secret that a run was given is in its logs, its access log or its output", "[e2e]") {
  const auto format = GENERATE("common", "combined", "json");
  OwnPostgres database;
  database.wait_until_up();
  TemporaryDirectory directory;
  std::filesystem::permissions(directory.path(), std::filesystem::perms(0777));
  const auto file = directory.path() / "access.log";
  const auto config = directory.path() / "troupe.toml";
  write_content(config, "[database]\nurl = \"" + url_with_password(database, "") + "\"\n");
  ServerProcess server(
      Launch{{"--config", config, "--access-log", file, "--access-log-format", format, "--log-level", "trace",
              "--slow-query", "1ms", "--outage-wait", "10ms", "--reconnect-max", "50ms"}});
  ask_much(server.port());
  database.kill();
  ask_much(server.port());
  CHECK(eventually([&] { return server.log().find("cannot connect") != std::string::npos; }));
  // Read again: another password, and then a URL that is wrong where its secret stands.
  for (const auto* other :
       {"&password=hush-again", "&p%61ssword=hush-again", "&port=hush-port", "&no_such=hush-again"}) {
    write_content(config, "[database]\nurl = \"" + url_with_password(database, other) + "\"\n");
    server.process().signal(SIGHUP);
  }
  write_content(config, "[database]\nurl = \"postgresql://u:hush@host:nineteen/db\"\nport = hush-toml\n");
  server.process().signal(SIGHUP);
  CHECK(eventually([&] { return server.log().find("SIGHUP: nothing was changed") != std::string::npos; }));
  database.start();
  database.wait_until_up();
  ask_much(server.port());
  CHECK(server.stop() == 0);

  const auto access = content_of(file);
  CHECK_THAT(access, Contains("/items/") && Contains("token=***"));
  CHECK_THAT(access, !Contains(word));
  CHECK_THAT(server.log(), Contains("database.url") && !Contains(word));
  CHECK_THAT(server.process().out(), !Contains(word));
}

TEST_CASE("a start that fails for what stands beside a secret does not tell it", "[e2e]") {
  const std::string url = GENERATE("postgresql://u:hush@localhost:nineteen/db",
                                   "postgresql://u:hush@localhost:1/db?connect_timeout=1",
                                   "postgresql://u@localhost:1/db?password=hush&connect_timeout=1",
                                   "postgresql://u:hush@no-such-host.invalid/db", "postgres:/u:hush@h/d");
  CAPTURE(url);
  const auto ended = run_troupe({{"serve", "--port", "0", "--connect-timeout", "1s", "--log-level", "trace"},
                                 {{"TROUPE_DATABASE_URL", url}}});
  CHECK(ended.code != 0);
  CHECK_THAT(ended.err + ended.out, !Contains(word));
}
