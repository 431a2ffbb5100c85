// What browsers ask of the built binary: CORS and the fields that keep pages safe.
#include <catch2/catch.hpp>
#include <regex>
#include <string>

#include "helpers/http_client.hpp"
#include "helpers/server_process.hpp"

using namespace troupe::tests;
using Catch::Contains;

namespace {

const std::string shop = "Origin: https://shop.example\r\n";
const std::string stranger = "Origin: https://evil.example\r\n";

ServerProcess& plain() {
  static ServerProcess server;
  return server;
}

std::string fields_in(const Answer& answer) {
  std::string all;
  for (const auto& [name, value] : answer.fields) all += name + ": " + value + "\n";
  return all;
}

}  // namespace

TEST_CASE("pages of named origins may use the API, and no others", "[e2e]") {
  ServerProcess server({"--cors-origins", "https://shop.example", "--cors-max-age", "1m"});
  HttpClient client(server.port());
  const auto [target, status] = GENERATE(table<std::string, int>(
      {{"/items/", 200}, {"/items/99999999", 404}, {"/items/?limit=x", 400}, {"/nowhere", 404}}));
  const auto mine = client.ask("GET", target, shop);
  CHECK(mine.status == status);
  CHECK(mine.field("Access-Control-Allow-Origin") == "https://shop.example");
  CHECK_THAT(mine.field("Vary"), Contains("Origin"));
  CHECK_THAT(mine.field("Access-Control-Expose-Headers"), Contains("ETag"));
  for (const auto& fields : {stranger, std::string()}) {
    const auto other = client.ask("GET", target, fields);
    CHECK(other.status == status);
    CHECK_THAT(other.field("Vary"), Contains("Origin"));
    CHECK_THAT(fields_in(other), !Contains("Access-Control"));
  }
  // One that the parser refuses.
  const auto refused = HttpClient(server.port()).ask("GET", target, shop + "Content-Length: 9999999999\r\n");
  CHECK(refused.status == 413);
  CHECK(refused.field("Access-Control-Allow-Origin") == "https://shop.example");
}

TEST_CASE("a preflight is told what the path allows", "[e2e]") {
  ServerProcess server({"--cors-origins", "https://shop.example", "--cors-credentials"});
  HttpClient client(server.port());
  const std::string wants = "Access-Control-Request-Method: PUT\r\n";
  const auto allowed = client.ask("OPTIONS", "/items/1", shop + wants);
  CHECK(allowed.status == 204);
  CHECK(allowed.field("Access-Control-Allow-Methods") == allowed.field("Allow"));
  CHECK_THAT(allowed.field("Access-Control-Allow-Methods"), Contains("PUT"));
  CHECK_THAT(allowed.field("Access-Control-Allow-Headers"), Contains("If-Match"));
  CHECK(allowed.field("Access-Control-Max-Age") == "600");
  CHECK(allowed.field("Access-Control-Allow-Credentials") == "true");
  CHECK_THAT(fields_in(client.ask("OPTIONS", "/items/1", stranger + wants)), !Contains("Access-Control"));
  CHECK_THAT(fields_in(client.ask("OPTIONS", "/items/1", shop)), !Contains("Access-Control-Allow-Methods"));
}

TEST_CASE("without origins no answer says a word of them", "[e2e]") {
  HttpClient client(plain().port());
  for (const auto* method : {"GET", "OPTIONS"}) {
    const auto fields =
        fields_in(client.ask(method, "/items/", shop + "Access-Control-Request-Method: PUT\r\n"));
    CHECK_THAT(fields, !Contains("Access-Control") && !Contains("Origin"));
  }
}

TEST_CASE("origins that are none are refused at the start", "[e2e]") {
  const auto ended = run_troupe({{"serve", "--cors-origins", "https://shop.example/"}});
  CHECK(ended.code == 2);
  CHECK_THAT(ended.err, Contains("cors.origins must be"));
  const auto star = run_troupe({{"serve", "--cors-origins", "*", "--cors-credentials"}});
  CHECK(star.code == 2);
  CHECK_THAT(star.err, Contains("cors.credentials"));
}

TEST_CASE("no browser guesses what an answer is", "[e2e]") {
  HttpClient client(plain().port());
  const std::string target = GENERATE("/items/", "/items/99999999", "/", "/docs", "/openapi.json", "/metrics",
                                      "/health/live", "/no");
  const std::string accept = GENERATE("", "Accept: text/html\r\n", "Accept: application/msgpack\r\n");
  CHECK(client.ask("GET", target, accept).field("X-Content-Type-Options") == "nosniff");
}

TEST_CASE("a page runs nothing that stands in it, and nobody frames it", "[e2e]") {
  HttpClient client(plain().port());
  const std::string target = GENERATE("/", "/docs", "/items/", "/items/99999999", "/no", "/items/?no=1");
  const auto page = client.ask("GET", target, "Accept: text/html\r\n");
  REQUIRE_THAT(page.field("Content-Type"), Catch::StartsWith("text/html"));
  const auto policy = page.field("Content-Security-Policy");
  CHECK_THAT(policy, Contains("default-src 'none'") && Contains("script-src 'self'") &&
                         Contains("frame-ancestors 'none'") && Contains("base-uri 'none'"));
  CHECK_THAT(policy, !Contains("script-src 'self' 'unsafe") && !Contains("unsafe-eval"));
  CHECK(page.field("Referrer-Policy") == "same-origin");
  CHECK(page.field("Cross-Origin-Opener-Policy") == "same-origin");
  CHECK_THAT(page.field("Permissions-Policy"), Contains("camera=()"));
  CHECK_FALSE(std::regex_search(page.body, std::regex("<script(?![^>]* src=)", std::regex::icase)));
  CHECK_FALSE(std::regex_search(page.body, std::regex("<style", std::regex::icase)));
  CHECK_FALSE(std::regex_search(page.body, std::regex("<[^>]* (on\\w+|style)=", std::regex::icase)));
}
