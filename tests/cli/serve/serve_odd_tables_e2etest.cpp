// Tables that are easily forgotten: keys of domains and floats, nothing that may be written, values with
// nulls.
#include <catch2/catch.hpp>
#include <string>

#include "helpers/http_client.hpp"
#include "helpers/resource_server.hpp"

using namespace troupe::tests;

namespace {

const std::string tables_sql = R"sql(
CREATE TYPE mood AS ENUM ('sad', 'happy');
CREATE DOMAIN any_mood AS mood;
CREATE TYPE pair AS (a int, b text);
CREATE TABLE moods (k any_mood PRIMARY KEY, v int);
CREATE TABLE floats (k float8 PRIMARY KEY, v int);
CREATE TABLE numbers (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY);
CREATE TABLE pairs (id int PRIMARY KEY, v pair);
INSERT INTO pairs VALUES (1, ROW(1, NULL)), (2, NULL), (3, ROW(NULL, NULL));
CREATE TABLE watched (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, v int);
INSERT INTO watched (v) VALUES (5);
CREATE FUNCTION watch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
CREATE TRIGGER watches BEFORE UPDATE OF v ON watched FOR EACH ROW EXECUTE FUNCTION watch();
)sql";

std::string ask(HttpClient& client, const std::string& method, const std::string& target,
                const std::string& body = {}) {
  const auto answer =
      client.ask(method, target, body.empty() ? "" : "Content-Type: application/json\r\n", body);
  return std::to_string(answer.status) + (answer.status < 400 ? " " + answer.body : "");
}

}  // namespace

TEST_CASE("tables with keys and values of an odd kind are served as any other", "[e2e]") {
  ResourceServer server(tables_sql);
  HttpClient client(server.port());
  for (const std::string key : {"/moods/sad", "/moods/happy", "/floats/NaN", "/floats/-Infinity"}) {
    CAPTURE(key);
    CHECK(ask(client, "PUT", key, "{}").starts_with("201 "));
    CHECK(ask(client, "PUT", key, R"({"v":1})").starts_with("200 "));
    CHECK(ask(client, "PATCH", key, R"({"v":2})").starts_with("200 "));
    CHECK(ask(client, "GET", key).find("\"v\":2") != std::string::npos);
  }
  CHECK(ask(client, "GET", "/moods/?k__gt=sad&k__in=sad,happy") == R"(200 [{"k":"happy","v":2}])");
  CHECK(ask(client, "GET", "/moods/?order=v&limit=1&fields=k") == R"(200 [{"k":"sad"}])");
  CHECK(ask(client, "DELETE", "/moods/sad") == "204 ");
  CHECK(ask(client, "DELETE", "/floats/NaN") == "204 ");
  CHECK(ask(client, "POST", "/numbers/", "{}") == "405");
  CHECK(ask(client, "GET", "/pairs/?fields=v") == R"~(200 [{"v":"(1,)"},{"v":null},{"v":"(,)"}])~");
  CHECK(ask(client, "GET", "/pairs/?fields=id&v__isnull=true") == R"(200 [{"id":2}])");
  CHECK(ask(client, "GET", "/pairs/?fields=id&v__isnull=false") == R"(200 [{"id":1},{"id":3}])");
  CHECK(ask(client, "PATCH", "/watched/1", "{}") == R"(200 {"id":1,"v":5})");
}
