#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <catch2/catch.hpp>
#include <regex>
#include <string>

#include "helpers/items_client.hpp"
#include "helpers/server_process.hpp"

using namespace troupe::tests;
namespace json = boost::json;

namespace {

ServerProcess& server() {
  static ServerProcess shared;
  return shared;
}

const json::value lamp = {{"name", "Lamp"},
                          {"description", "warm \"light\" \u2600 \xF0\x9F\x92\xA1"},
                          {"price", 19.75},
                          {"in_stock", false}};

}  // namespace

TEST_CASE("an item is created, read, replaced, changed and deleted, in JSON and MessagePack", "[e2e]") {
  ItemsClient client(server().port(), GENERATE(Form::json, Form::msgpack));
  const auto created = client.post(lamp);
  REQUIRE(created.status() == 201);
  const auto id = created.id();
  CHECK(created.value == with_id(id, lamp));
  CHECK(created.http.field("Location") == ItemsClient::item_path(id));
  CHECK(created.http.field("Content-Type") == media_type(client.form()));

  const auto read = client.get(created.http.field("Location"));
  CHECK(read.status() == 200);
  CHECK(read.http.field("Content-Type") == media_type(client.form()));
  CHECK(read.value == with_id(id, lamp));

  const json::value bare = {{"name", "Stool"}, {"price", 0.5}};
  const json::value whole = {{"name", "Stool"}, {"description", nullptr}, {"price", 0.5}, {"in_stock", true}};
  const auto replaced = client.put(id, bare);
  CHECK(replaced.status() == 200);
  CHECK(replaced.value == with_id(id, whole));
  CHECK(client.item(id).value == with_id(id, whole));

  const auto changed = client.patch(id, {{"price", 1.25}});
  CHECK(changed.status() == 200);
  CHECK(changed.value.at("price") == 1.25);
  CHECK(changed.value.at("name") == "Stool");
  CHECK(client.item(id).value == changed.value);

  const auto listed = client.get("/items/?order=-id&limit=1");
  CHECK(listed.status() == 200);
  CHECK(listed.value == json::array{changed.value});

  const auto deleted = client.remove(id);
  CHECK(deleted.status() == 204);
  CHECK(deleted.http.body.empty());
  CHECK(client.item(id).status() == 404);
  CHECK(client.remove(id).status() == 404);
  CHECK(client.put(id, lamp).status() == 404);
  CHECK(client.patch(id, lamp).status() == 404);
}

TEST_CASE("PATCH changes each field alone and leaves the others, an empty one changes nothing", "[e2e]") {
  ItemsClient client(server().port(), GENERATE(Form::json, Form::msgpack));
  const auto id = client.post(lamp).id();
  const auto change = GENERATE(values<json::object>({{{"name", "Lantern"}},
                                                     {{"description", nullptr}},
                                                     {{"description", ""}},
                                                     {{"price", 0.125}},
                                                     {{"in_stock", true}},
                                                     {{"id", 7}, {"colour", "red"}},
                                                     {}}));
  auto expected = with_id(id, lamp);
  for (const auto& [name, value] : change) {
    if (name != "id" && name != "colour") expected.as_object()[name] = value;
  }
  const auto changed = client.patch(id, change);
  CHECK(changed.status() == 200);
  CHECK(changed.value == expected);
  CHECK(client.item(id).value == expected);
}

TEST_CASE("an id or an unknown field in a body is ignored, and what is absent gets its default", "[e2e]") {
  ItemsClient client(server().port(), GENERATE(Form::json, Form::msgpack));
  const auto created =
      client.post({{"id", 1'000'000'007}, {"name", "x"}, {"price", 3}, {"colour", {1, {2}}}});
  REQUIRE(created.status() == 201);
  CHECK(created.id() != 1'000'000'007);
  CHECK(created.value.as_object().size() == 5);
  CHECK(created.value.at("description").is_null());
  CHECK(created.value.at("in_stock") == true);
  CHECK(created.value.at("price").to_number<double>() == 3.0);
}

TEST_CASE("the longest item the rules allow comes back as it was sent", "[e2e]") {
  ItemsClient client(server().port(), GENERATE(Form::json, Form::msgpack));
  std::string name, description;
  for (int i = 0; i < 100; ++i) name += "\xF0\x9F\x92\xA1";  // 100 characters, 400 bytes
  for (int i = 0; i < 2'000; ++i) description += "\u00E4";
  const json::value item = {
      {"name", name}, {"description", description}, {"price", 1.7976931348623157e308}, {"in_stock", true}};
  const auto created = client.post(item);
  REQUIRE(created.status() == 201);
  CHECK(client.item(created.id()).value == with_id(created.id(), item));
}

TEST_CASE("every path answers alike with and without the trailing slash, without a redirect", "[e2e]") {
  ItemsClient client(server().port());
  const auto slash = GENERATE("", "/");
  auto& http = client.http();
  const auto body = encode(Form::json, lamp);
  const auto created =
      http.ask("POST", std::string("/items") + slash, "Content-Type: application/json\r\n", body);
  REQUIRE(created.status == 201);
  const auto id = decode(Form::json, created.body).at("id").to_number<std::int64_t>();
  const auto path = ItemsClient::item_path(id) + slash;
  CHECK(http.ask("GET", std::string("/items") + slash + "?limit=1").status == 200);
  CHECK(http.ask("GET", path).status == 200);
  CHECK(http.ask("PUT", path, "Content-Type: application/json\r\n", body).status == 200);
  CHECK(http.ask("PATCH", path, "Content-Type: application/json\r\n", body).status == 200);
  CHECK(http.ask("GET", std::string("/health/live") + slash).status == 200);
  CHECK(http.ask("GET", std::string("/health/ready") + slash).status == 200);
  CHECK(http.ask("GET", std::string("/metrics") + slash).status == 200);
  CHECK(http.ask("GET", std::string("/openapi.json") + slash).status == 200);
  CHECK(http.ask("DELETE", path).status == 204);
}

TEST_CASE("HEAD answers as GET does, without the body", "[e2e]") {
  ItemsClient client(server().port());
  const auto path = ItemsClient::item_path(client.post(lamp).id());
  const auto target =
      GENERATE_COPY(values<std::string>({path, "/items/?limit=1&order=-id", "/health/live", "/health/ready",
                                         "/openapi.json", "/items/999999999", "/nowhere"}));
  const auto get = client.http().ask("GET", target);
  const auto head = client.http().ask("HEAD", target);
  CHECK(head.status == get.status);
  for (const auto* name : {"Content-Type", "Content-Length", "Link"}) {
    CAPTURE(name);
    CHECK(head.field(name) == get.field(name));
  }
  CHECK(client.http().ask("GET", "/health/live").status == 200);  // no body was left on the connection
}

TEST_CASE("OPTIONS names the methods of a resource", "[e2e]") {
  struct Row {
    std::string target, allow;
  };
  const auto row = GENERATE(values<Row>({{"/items/", "POST, GET, HEAD, OPTIONS"},
                                         {"/items", "POST, GET, HEAD, OPTIONS"},
                                         {"/items/1", "GET, HEAD, PUT, PATCH, DELETE, OPTIONS"},
                                         {"/metrics", "GET, HEAD, OPTIONS"},
                                         {"*", "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS"}}));
  HttpClient client(server().port());
  const auto answer = client.ask("OPTIONS", row.target);
  CHECK(answer.status == 204);
  CHECK(answer.field("Allow") == row.allow);
}

TEST_CASE("Accept chooses the answer's form by its weights", "[e2e]") {
  struct Row {
    std::string accept, type;
  };
  const auto row = GENERATE(
      values<Row>({{"application/msgpack", "application/msgpack"},
                   {"application/json", "application/json"},
                   {"*/*", "application/json"},
                   {"application/json;q=0.4, application/msgpack;q=0.5", "application/msgpack"},
                   {"application/msgpack;q=0.4, application/json;q=0.5", "application/json"},
                   {"application/json;q=0, */*;q=0.1", "application/msgpack"},
                   {"text/plain, application/*;q=0.9, application/json;q=0.1", "application/msgpack"}}));
  ItemsClient client(server().port());
  const auto id = client.post(lamp).id();
  const auto answer = client.http().ask("GET", ItemsClient::item_path(id), "Accept: " + row.accept + "\r\n");
  CHECK(answer.field("Content-Type") == row.type);
  CHECK(decode(row.type == media_type(Form::json) ? Form::json : Form::msgpack, answer.body) ==
        with_id(id, lamp));
}

TEST_CASE("a body in one form may be answered in the other", "[e2e]") {
  HttpClient client(server().port());
  const auto answer =
      client.ask("POST", "/items/", "Content-Type: application/msgpack\r\nAccept: application/json\r\n",
                 encode(Form::msgpack, lamp));
  REQUIRE(answer.status == 201);
  const auto item = decode(Form::json, answer.body);
  CHECK(item == with_id(item.at("id").to_number<std::int64_t>(), lamp));
}

TEST_CASE("a chunked body is an item like any other", "[e2e]") {
  HttpClient client(server().port());
  client.send(
      "POST /items/ HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nTransfer-Encoding: "
      "chunked\r\n\r\n"
      "b\r\n{\"name\": \"c\r\n12;x=y\r\nhunk\",\"price\":2.5}\r\n0\r\nTrailer: ignored\r\n\r\n");
  const auto answer = client.read();
  REQUIRE(answer.status == 201);
  CHECK(decode(Form::json, answer.body).at("name") == "chunk");
  CHECK(client.ask("GET", "/health/live").status == 200);
}

TEST_CASE("every answer carries a Date of the form RFC 9110 wants", "[e2e]") {
  const std::regex imf_fixdate(R"(\w{3}, \d{2} \w{3} \d{4} \d{2}:\d{2}:\d{2} GMT)");
  HttpClient client(server().port());
  const auto target = GENERATE("/items/?limit=1", "/nowhere", "/health/ready", "/metrics");
  const auto answer = client.ask("GET", target);
  CHECK(std::regex_match(answer.field("Date"), imf_fixdate));
  CHECK_FALSE(answer.has("Server-Timing"));  // only with --server-timing
}
