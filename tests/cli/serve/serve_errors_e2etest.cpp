#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <catch2/catch.hpp>
#include <set>
#include <string>

#include "helpers/items_client.hpp"
#include "helpers/server_process.hpp"

using namespace troupe::tests;
namespace json = boost::json;

namespace {

ServerProcess& server() {
  static ServerProcess shared({"--header-limit", "2KiB", "--target-limit", "1KiB", "--body-limit", "16KiB"});
  return shared;
}

const std::string as_json = "Content-Type: application/json\r\n";
const std::string as_msgpack = "Content-Type: application/msgpack\r\n";

std::string post(const std::string& fields, const std::string& body) {
  return request_text("POST", "/items/", fields, body);
}

/// The shape of RFC 9457, whatever the error; and nothing of what is behind it.
json::object check_problem(const Answer& answer, int status) {
  CHECK(answer.status == status);
  CHECK(answer.field("Content-Type") == "application/problem+json");
  const auto problem = json::parse(answer.body).as_object();
  CHECK(problem.at("status") == status);
  CHECK_FALSE(problem.at("type").as_string().empty());
  CHECK_FALSE(problem.at("title").as_string().empty());
  CHECK_FALSE(problem.at("detail").as_string().empty());
  for (const auto* secret : {"SELECT", "INSERT", "UPDATE", "unnest", ".cpp", "exception"}) {
    CHECK(answer.body.find(secret) == std::string::npos);
  }
  return problem;
}

}  // namespace

TEST_CASE("a request that is wrong is told so, and the connection serves on", "[e2e]") {
  struct Row {
    std::string what;
    int status;
    std::string bytes;
  };
  const std::string item = R"({"name":"x","price":1})";
  const auto row = GENERATE_COPY(values<Row>({
      {"malformed JSON", 400, post(as_json, R"({"name":"x",)")},
      {"an empty body", 400, "POST /items/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n"},
      {"a body without a type", 415,
       "POST /items/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: " + std::to_string(item.size()) +
           "\r\n\r\n" + item},
      {"a patch in a language of its own", 415,
       "PATCH /items/1 HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json-patch+json\r\n"
       "Content-Length: 2\r\n\r\n[]"},
      {"the host of another", 421, "GET /items/ HTTP/1.1\r\nHost: evil.example\r\n\r\n"},
      {"an encoded slash", 404, request_text("GET", "/items%2F1")},
      {"something behind the JSON", 400, post(as_json, item + "x")},
      {"malformed MessagePack", 400, post(as_msgpack, "\x82\xA4name")},
      {"something behind the MessagePack", 400,
       post(as_msgpack, encode(Form::msgpack, json::parse(item)) + "\xC0")},
      {"a limit that is no number", 400, request_text("GET", "/items/?limit=ten")},
      {"a limit of 0", 400, request_text("GET", "/items/?limit=0")},
      {"a limit of 1001", 400, request_text("GET", "/items/?limit=1001")},
      {"a negative offset", 400, request_text("GET", "/items/?offset=-1")},
      {"an unknown order", 400, request_text("GET", "/items/?order=colour")},
      {"after in another order", 400, request_text("GET", "/items/?after=3&order=name")},
      {"a price that is no number", 400, request_text("GET", "/items/?min_price=cheap")},
      {"a flag that is none", 400, request_text("GET", "/items/?in_stock=maybe")},
      {"nothing at a path", 404, request_text("GET", "/nowhere")},
      {"a double slash", 404, request_text("GET", "//items/")},
      {"an id that is no number", 404, request_text("GET", "/items/one")},
      {"a negative id", 404, request_text("GET", "/items/-1")},
      {"an id past 64 bits", 404, request_text("GET", "/items/99999999999999999999")},
      {"no such item", 404, request_text("GET", "/items/9223372036854775807")},
      {"PUT to no such item", 404, request_text("PUT", "/items/9223372036854775807", as_json, item)},
      {"PATCH to no such item", 404, request_text("PATCH", "/items/9223372036854775807", as_json, item)},
      {"DELETE of no such item", 404, request_text("DELETE", "/items/9223372036854775807")},
      {"no form we have", 406, request_text("GET", "/items/", "Accept: text/plain\r\n")},
      {"a form refused by its weight", 406, request_text("GET", "/items/", "Accept: */*;q=0\r\n")},
      {"no form we have for a POST", 406, post(as_json + "Accept: image/png\r\n", item)},
      {"a form", 415, post("Content-Type: application/x-www-form-urlencoded\r\n", "name=x&price=1")},
      {"JSON in another charset", 415, post("Content-Type: application/json; charset=latin1\r\n", item)},
      {"a compressed body", 415, post(as_json + "Content-Encoding: gzip\r\n", item)},
      {"a method nobody implements", 501, request_text("BREW", "/items/")},
  }));
  CAPTURE(row.what);
  HttpClient client(server().port());
  client.send(row.bytes);
  check_problem(client.read(), row.status);
  CHECK(client.ask("GET", "/health/live").status == 200);
}

TEST_CASE("a method that a resource has not is 405 with those it has in Allow", "[e2e]") {
  struct Row {
    std::string method, target, allow;
  };
  const auto row = GENERATE(values<Row>({{"DELETE", "/items/", "POST, GET, HEAD, OPTIONS"},
                                         {"PUT", "/items", "POST, GET, HEAD, OPTIONS"},
                                         {"POST", "/items/1", "GET, HEAD, PUT, PATCH, DELETE, OPTIONS"},
                                         {"TRACE", "/items/1", "GET, HEAD, PUT, PATCH, DELETE, OPTIONS"},
                                         {"POST", "/metrics", "GET, HEAD, OPTIONS"}}));
  HttpClient client(server().port());
  const auto answer = client.ask(row.method, row.target);
  check_problem(answer, 405);
  CHECK(answer.field("Allow") == row.allow);
}

TEST_CASE("an item that breaks rules is 422 with every fault at once", "[e2e]") {
  struct Row {
    json::value item;
    std::set<std::string> faults;  // field: type
  };
  const std::string long_name(101, 'n'), long_text(2'001, 'd');
  const auto row = GENERATE_COPY(values<Row>({
      {json::object{}, {"name: missing", "price: missing"}},
      {{{"name", ""}, {"price", -1}}, {"name: string_too_short", "price: greater_than_equal"}},
      {{{"name", long_name}, {"price", "1"}, {"description", long_text}, {"in_stock", 1}},
       {"name: string_too_long", "price: float_type", "description: string_too_long", "in_stock: bool_type"}},
      {{{"name", 5}, {"price", true}, {"description", 5}, {"in_stock", nullptr}},
       {"name: string_type", "price: float_type", "description: string_type", "in_stock: bool_type"}},
      {{{"name", nullptr}, {"price", nullptr}}, {"name: string_type", "price: float_type"}},
      {{{"name", std::string("a\0b", 3)}, {"price", 1}}, {"name: value_error"}},
      {json::array{1, 2}, {"0: model_attributes_type", "1: model_attributes_type"}},
      {"text", {"body: model_attributes_type"}},
  }));
  ItemsClient client(server().port(), GENERATE(Form::json, Form::msgpack));
  CAPTURE(row.item);
  const auto answer = client.post(row.item);
  const auto problem = check_problem(answer.http, 422);
  std::set<std::string> faults;
  for (const auto& fault : problem.at("errors").as_array()) {
    const auto& loc = fault.at("loc").as_array();
    CHECK(loc.at(0) == "body");
    CHECK_FALSE(fault.at("msg").as_string().empty());
    faults.insert(std::string(loc.back().as_string()) + ": " + std::string(fault.at("type").as_string()));
  }
  CHECK(faults == row.faults);
}

TEST_CASE("values that only one form can carry are refused, too", "[e2e]") {
  struct Row {
    std::string fields, body;
    int status;
    std::string type;
  };
  const std::string infinity("\xCB\x7F\xF0\0\0\0\0\0\0", 9), nan("\xCB\x7F\xF8\0\0\0\0\0\0", 9);
  const auto row = GENERATE_COPY(values<Row>({
      {as_msgpack, "\x82\xA4name\xA1x\xA5price" + infinity, 422, "finite_number"},
      {as_msgpack, "\x82\xA4name\xA1x\xA5price" + nan, 422, "finite_number"},
      {as_msgpack, "\x82\xA4name\xA2\xC3\x28\xA5price\x01", 422, "string_unicode"},
      {as_json, R"({"name":"\ud800","price":1})", 422, "string_unicode"},
      {as_json, R"({"name":"a\u0000b","price":1})", 422, "value_error"},
      {as_json, R"({"name":"x","price":1e999})", 422, "finite_number"},
      {as_json, R"({"name":"x","price":NaN})", 422,
       "finite_number"},  // no JSON, but what Python's json writes
  }));
  CAPTURE(row.body);
  HttpClient client(server().port());
  const auto answer = client.ask("POST", "/items/", row.fields, row.body);
  const auto problem = check_problem(answer, row.status);
  REQUIRE(problem.contains("errors"));
  CHECK(text_at(problem.at("errors").at(0), "type") == row.type);
}

TEST_CASE("a broken query names its parameters", "[e2e]") {
  HttpClient client(server().port());
  const auto problem = check_problem(client.ask("GET", "/items/?limit=x&offset=-1&order=up"), 400);
  const auto& faults = problem.at("errors").as_array();
  REQUIRE(faults.size() == 3);
  CHECK(faults[0].at("loc") == json::array{"query", "limit"});
  CHECK(faults[1].at("loc") == json::array{"query", "offset"});
  CHECK(faults[2].at("loc") == json::array{"query", "order"});
}

TEST_CASE("after a framing error the connection is answered, closed and never reused", "[e2e]") {
  struct Row {
    std::string what;
    int status;
    std::string bytes;
  };
  const auto row = GENERATE(values<Row>({
      {"no request line", 400, "hello\r\n\r\n"},
      {"no Host", 400, "GET /items/ HTTP/1.1\r\n\r\n"},
      {"two Hosts", 400, "GET /items/ HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n"},
      {"an obsolete line folding", 400, "GET /items/ HTTP/1.1\r\nHost: a\r\n b\r\n\r\n"},
      {"a space before the colon", 400, "GET /items/ HTTP/1.1\r\nHost : a\r\n\r\n"},
      {"Content-Length and Transfer-Encoding", 400,
       "POST /items/ HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: "
       "chunked\r\n\r\n0\r\n\r\n"},
      {"two Content-Lengths", 400,
       "POST /items/ HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello!"},
      {"a Content-Length that is no number", 400,
       "POST /items/ HTTP/1.1\r\nHost: a\r\nContent-Length: +5\r\n\r\nhello"},
      {"a chunk size that is no number", 400,
       "POST /items/ HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n"},
      {"chunked not last", 400,
       "POST /items/ HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked, gzip\r\n\r\n0\r\n\r\n"},
      {"chunked in HTTP/1.0", 400, "POST /items/ HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"},
      {"another transfer coding", 501,
       "POST /items/ HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n"},
      {"another major version", 505, "GET /items/ HTTP/2.0\r\nHost: a\r\n\r\n"},
      {"an expectation nobody can meet", 417, "POST /items/ HTTP/1.1\r\nHost: a\r\nExpect: magic\r\n\r\n"},
      {"a method of 5,000 letters", 501,
       std::string(5'000, 'A') + " /items/ HTTP/1.1\r\nHost: localhost\r\n\r\n"},
      {"a target over its limit", 414, "GET /" + std::string(1'100, 'a') + " HTTP/1.1\r\nHost: a\r\n\r\n"},
      {"a target without end", 414, "GET /" + std::string(9'000, 'a')},
      {"fields over their limit", 431,
       "GET /items/ HTTP/1.1\r\nHost: a\r\nX-Long: " + std::string(3'000, 'a') + "\r\n\r\n"},
      {"fields without end", 431, "GET /items/ HTTP/1.1\r\nHost: a\r\nX-Long: " + std::string(9'000, 'a')},
      {"a body announced over its limit", 413,
       "POST /items/ HTTP/1.1\r\nHost: a\r\nContent-Length: 16385\r\n\r\n" + std::string(16'385, 'a')},
      {"a chunk over the body's limit", 413,
       "POST /items/ HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n4001\r\n" +
           std::string(0x4001, 'a')},
      {"chunks that together are over it", 413,
       "POST /items/ HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3000\r\n" +
           std::string(0x3000, 'a') + "\r\n2000\r\n" + std::string(0x2000, 'a')},
  }));
  CAPTURE(row.what);
  HttpClient client(server().port());
  client.send(row.bytes + request_text("GET", "/health/live"));
  const auto answer = client.read();
  check_problem(answer, row.status);
  CHECK(answer.field("Connection") == "close");
  client.finish_sending();
  CHECK(client.closed_by_peer());
}

TEST_CASE("what is exactly at its limit is served", "[e2e]") {
  HttpClient client(server().port());
  std::string item = R"({"name":"x","price":1,"padding":")";
  item += std::string(16 * 1024 - item.size() - 2, 'p') + "\"}";
  CHECK(client.ask("POST", "/items/", as_json, item).status == 201);
  const std::string target = "/items/?limit=1&ignored=";
  CHECK(client.ask("GET", target + std::string(1'024 - target.size(), 'a')).status == 200);
}
