#include <algorithm>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <catch2/catch.hpp>
#include <cctype>
#include <regex>
#include <set>
#include <string>

#include "helpers/items_client.hpp"
#include "helpers/server_process.hpp"
#include "http/api/routes.hpp"

using namespace troupe::tests;
namespace json = boost::json;

namespace {

ServerProcess& server() {
  static ServerProcess shared({"--server-timing", "--pool-size", "2"});
  return shared;
}

std::string upper(std::string_view text) {
  std::string result(text);
  std::ranges::transform(result, result.begin(),
                         [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  return result;
}

/// "GET /items/{id}" for every operation of the document.
std::set<std::string> documented_operations(const json::value& document) {
  const std::set<std::string> methods = {"get", "put", "post", "delete", "options", "head", "patch", "trace"};
  std::set<std::string> operations;
  for (const auto& [path, members] : document.at("paths").as_object()) {
    for (const auto& [name, operation] : members.as_object()) {
      if (methods.contains(std::string(name))) operations.insert(upper(name) + ' ' + std::string(path));
    }
  }
  return operations;
}

}  // namespace

TEST_CASE("health is live by itself, and ready while a connection to PostgreSQL works", "[e2e]") {
  HttpClient client(server().port());
  const auto name = GENERATE("live", "ready");
  const auto answer = client.ask("GET", std::string("/health/") + name);
  CHECK(answer.status == 200);
  CHECK(answer.field("Content-Type") == "application/json");
  CHECK(answer.field("Cache-Control") == "no-store");
  CHECK(json::parse(answer.body) == json::value{{"status", name}});
}

TEST_CASE("the OpenAPI document lists exactly the routes the server has", "[e2e]") {
  HttpClient client(server().port());
  const auto answer = client.ask("GET", "/openapi.json");
  CHECK(answer.field("Content-Type") == "application/json");
  const auto document = json::parse(answer.body);
  CHECK(document.at("openapi").as_string().starts_with("3.1."));
  std::set<std::string> routes;
  const auto items = troupe::postgres::declared_items();
  const auto router = troupe::http::api_router(std::span(&items, 1), 1);
  for (const auto& endpoint : router.endpoints()) {
    // What pages refer to has another path in every version, and is of no use to programs.
    if (!endpoint.name.starts_with("GET /pages/")) routes.emplace(endpoint.name);
  }
  CHECK(documented_operations(document) == routes);
}

TEST_CASE("every operation of the OpenAPI document is served, with a status the document names", "[e2e]") {
  ItemsClient client(server().port());
  const auto document = client.get("/openapi.json").value;
  const json::value item = {{"name", "documented"}, {"price", 1.5}};
  for (const auto& operation : documented_operations(document)) {
    CAPTURE(operation);
    const auto method = operation.substr(0, operation.find(' '));
    const auto path = operation.substr(operation.find(' ') + 1);
    const auto id = std::to_string(client.post(item).id());
    const auto target = std::regex_replace(path, std::regex(R"(\{id\})"), id);
    const bool has_body = method == "POST" || method == "PUT" || method == "PATCH";
    const auto answer =
        client.http().ask(method, target, has_body ? "Content-Type: application/json\r\n" : "",
                          has_body ? encode(Form::json, item) : "");
    CHECK((answer.status >= 200 && answer.status < 300));
    std::string member = method;
    std::ranges::transform(member, member.begin(),
                           [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    const auto& responses = document.at("paths").at(path).at(member).at("responses").as_object();
    CHECK(responses.contains(std::to_string(answer.status)));
  }
}

TEST_CASE("metrics count requests by route and status, and tell of connections and database actors",
          "[e2e]") {
  const auto port = server().port();
  const std::string created = R"(troupe_http_requests_total{route="POST /items/",status="201"})";
  const std::string missing = R"(troupe_http_requests_total{route="GET /items/{id}",status="404"})";
  const std::string nowhere = R"(troupe_http_requests_total{route="none",status="404"})";
  const std::string latency = R"(troupe_http_request_duration_seconds_count{route="POST /items/"})";
  const auto before =
      std::array{metric(port, created), metric(port, missing), metric(port, nowhere), metric(port, latency)};
  ItemsClient client(port);
  for (int i = 0; i < 3; ++i) client.post({{"name", "counted"}, {"price", 1}});
  for (int i = 0; i < 2; ++i) client.item(999'999'999);
  client.get("/nowhere");
  CHECK(metric(port, created) == before[0] + 3);
  CHECK(metric(port, missing) == before[1] + 2);
  CHECK(metric(port, nowhere) == before[2] + 1);
  CHECK(metric(port, latency) == before[3] + 3);

  const auto text = client.http().ask("GET", "/metrics");
  CHECK(text.field("Content-Type") == "text/plain; version=0.0.4; charset=utf-8");
  CHECK(text.body.find(R"(troupe_http_request_duration_seconds_bucket{route="POST /items/",le="+Inf"})") !=
        std::string::npos);
  // The client's and the one that asks; those before it end in their own time.
  CHECK(eventually([&] { return metric(port, "troupe_http_connections") == 2; }));
  double commands = 0;
  for (const auto* actor : {"0", "1"}) {
    const auto of_actor = [&](const std::string& name) {
      return metric(port, name + "{actor=\"" + actor + "\"}");
    };
    CHECK(eventually([&] { return of_actor("troupe_database_ready") == 1; }));
    CHECK(of_actor("troupe_database_queue") == 0);
    CHECK(of_actor("troupe_database_in_flight") == 0);
    CHECK(of_actor("troupe_database_reconnects_total") == 0);
    CHECK(of_actor("troupe_database_wait_seconds_total") >= 0);
    commands += of_actor("troupe_database_commands_total");
    for (const auto* name : {"statements_total", "batch_size_mean"}) {
      CHECK(text.body.find(std::string("troupe_database_") + name + "{actor=\"" + actor + "\"}") !=
            std::string::npos);
    }
  }
  CHECK(commands >= 5);
}

TEST_CASE("with --server-timing every answer tells where its time went", "[e2e]") {
  const std::regex timing(
      R"(parse;dur=(\d+\.\d+), mailbox;dur=(\d+\.\d+), pool;dur=(\d+\.\d+), sql;dur=(\d+\.\d+), serialize;dur=(\d+\.\d+))");
  HttpClient client(server().port());
  const std::string target =
      GENERATE("/items/?limit=1", "/items/999999999", "/health/ready", "/health/live", "/nowhere");
  const auto field = client.ask("GET", target).field("Server-Timing");
  CAPTURE(target, field);
  std::smatch parts;
  REQUIRE(std::regex_match(field, parts, timing));
  const bool asks_database = target.starts_with("/items");
  CHECK((std::stod(parts[4]) > 0) == asks_database);
}
