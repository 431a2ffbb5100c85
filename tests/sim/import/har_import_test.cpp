#include "sim/import/har_import.hpp"

#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "helpers/imported_scenario.hpp"
#include "sim/scenario/scenario_reader.hpp"

using namespace troupe;
using namespace troupe::sim;
using namespace troupe::tests;
using Catch::Contains;
namespace json = boost::json;

namespace {

struct Seen {
  std::string method, url;
  std::vector<std::pair<std::string, std::string>> headers = {};
  std::string type = {}, body = {};  ///< of the request
  std::string answer = {};
  int status = 200;
  int second = 0;
  std::string answer_type = "application/json";
};

json::array pairs_of_fields(const std::vector<std::pair<std::string, std::string>>& fields) {
  json::array out;
  for (const auto& [name, value] : fields) out.push_back({{"name", name}, {"value", value}});
  return out;
}

std::string recording_of(const std::vector<Seen>& all) {
  json::array entries;
  for (const auto& one : all) {
    json::object request{{"method", one.method}, {"url", one.url}, {"headers", pairs_of_fields(one.headers)}};
    if (!one.type.empty()) request["postData"] = json::object{{"mimeType", one.type}, {"text", one.body}};
    const auto second = std::string(one.second < 10 ? "0" : "") + std::to_string(one.second);
    entries.push_back(
        {{"startedDateTime", "2026-01-01T10:00:" + second + ".000+02:00"},
         {"time", 500},
         {"request", request},
         {"response",
          {{"status", one.status}, {"content", {{"mimeType", one.answer_type}, {"text", one.answer}}}}}});
  }
  return json::serialize(json::object{{"log", json::object{{"version", "1.2"}, {"entries", entries}}}});
}

std::string imported_har(const std::vector<Seen>& all) {
  const auto written = scenario_of_har(recording_of(all), "shop.har");
  INFO((written ? std::string{} : written.error().message));
  REQUIRE(written.has_value());
  CAPTURE(*written);
  CHECK(import_fault(*written).empty());
  return *written;
}

const std::string shop_url = "https://shop.example";
const std::string json_media = "application/json";
const std::string form_media = "application/x-www-form-urlencoded";

}  // namespace

TEST_CASE("requests that differ only in ids and values of queries are one task, as often as they were seen") {
  const auto toml = imported_har(
      {{"GET", shop_url + "/items/17?q=lamp&page=1"},
       {"GET", shop_url + "/items/18?page=1&q=chair"},
       {"GET", shop_url + "/items/18?q=lamp&page=1"},
       {"GET", shop_url + "/about"},
       {"GET", shop_url + "/o/8c1f1a2e-0000-4000-8000-1234567890ab/lines/507f1f77bcf86cd799439011"}});
  CHECK_THAT(
      toml,
      Contains("name = \"GET /items/{item_id}\"\nmethod = \"GET\"\npath = \"/items/{item_id}\"\nweight = 3\n"
               "query = { q = \"{q}\", page = \"1\" }\n"
               "params.item_id = { list = [\"17\", \"18\"] }\n"
               "params.q = { list = [\"lamp\", \"chair\"] }\n") &&
          Contains("path = \"/o/{o_id}/lines/{line_id}\"\n"));
  CHECK(told_fill_ins(toml).empty());
  CHECK(parse_scenario(toml, "new.toml").value().tasks.size() == 3);
}

TEST_CASE("static files, other servers and what is no request are left out and counted") {
  const auto toml = imported_har({{"GET", shop_url + "/"},
                                  {"GET", shop_url + "/app.JS"},
                                  {.method = "GET", .url = shop_url + "/logo", .answer_type = "image/png"},
                                  {"GET", shop_url + "/a"},
                                  {"GET", "https://stats.example/collect"},
                                  {"OPTIONS", shop_url + "/a"},
                                  {"GET", "data:text/plain,x"}});
  CHECK_THAT(toml, Contains("# 2 of its 7 requests are here, as 2 tasks: those to https://shop.example.") &&
                       Contains("# Left out: 2 static files") &&
                       Contains("# Left out: 1 to https://stats.example.") &&
                       Contains("# Left out: 2 that are no HTTP requests"));
}

TEST_CASE("the pause of users is the median of those that were seen") {
  const auto toml = imported_har({{.method = "GET", .url = shop_url + "/a", .second = 0},
                                  {.method = "GET", .url = shop_url + "/b", .second = 2},
                                  {.method = "GET", .url = shop_url + "/b", .second = 2},
                                  {.method = "GET", .url = shop_url + "/c", .second = 12},
                                  {.method = "GET", .url = shop_url + "/d", .second = 16}});
  CHECK_THAT(toml, Contains("think_time = { kind = \"lognormal\", median = \"3500ms\", sigma = 0.5 }") &&
                       Contains("The median pause between an answer and the next request was 3500 ms."));
}

TEST_CASE("no secret of a recording is written, wherever it turns up again") {
  const std::string token = "tok-5ecret-0001", key = "key-5ecret-0002", sid = "sid-5ecret-0003",
                    password = "pw-5ecret-0004", csrf = "csrf-5ecret-0005",
                    jwt = "eyJhbGciOiJI.eyJ5ecretX.sig5ecret";
  const std::vector<std::pair<std::string, std::string>> head{{"authorization", "Bearer " + token},
                                                              {"X-Api-Key", key},
                                                              {"Cookie", "theme=dark; sid=" + sid},
                                                              {"X-Custom", csrf},
                                                              {"X-Requested-With", "XMLHttpRequest"}};
  const auto toml =
      imported_har({{"POST",
                     shop_url + "/login",
                     {},
                     json_media,
                     R"({"user": "u", "password": ")" + password + R"(", "pin": 5555})",
                     R"({"data": {"t": ")" + token + R"(", "csrf": ")" + csrf + R"("}})"},
                    {"GET", shop_url + "/me/" + sid + "?api_key=" + key + "&n=" + token + "&j=" + jwt, head},
                    {"GET", shop_url + "/s;jsessionid=5ecretZ/x", head},
                    {"GET", shop_url + "/reset/a1b2c35ecretd4e5f6g7h8", head},
                    {"POST", shop_url + "/f", head, form_media,
                     "new_password=" + password + "x5ecret&ok=1&to=%2Fa%3Ftoken%3D" + token},
                    {"POST", shop_url + "/j", head, json_media,
                     R"([{"deep": {"sessionId": ["5ecret"], "plain": ")" + csrf + R"("}}])"},
                    {"GET", "https://user:5ecret@stats.example/" + token, head}});
  CHECK_THAT(toml, !Contains("5ecret") && !Contains("5555") && !Contains("dark"));
  CHECK_THAT(toml, Contains("X-Requested-With = \"XMLHttpRequest\"") && Contains("ok = \"1\"") &&
                       Contains("[[user.start]]\nname = \"login\"") &&
                       Contains("extract = { token = \"/data/t\" }") &&
                       Contains("\nauth = { bearer = \"{token}\" }\n") &&
                       Contains("#   {X_Api_Key}  X-Api-Key of GET /me/"));
}

TEST_CASE("sessions by whatever name and codes of OAuth are filled in by a person") {
  const auto toml = imported_har(
      {{"GET",
        shop_url + "/a?PHPSESSID=5ecretA&connect.sid=5ecretB&JSESSIONID=5ecretC&sid=5ecretD&pass=5ecretE"},
       {"GET", shop_url + "/b;PHPSESSID=5ecretF/c;jsessionid=5ecretG"},
       {"GET", shop_url + "/cb?code=5ecretH&state=5e&ok=1"},
       {"POST", shop_url + "/t", {}, form_media, "grant_type=authorization_code&code=5e&PHPSESSID=5ecretI"},
       {"GET", shop_url + "/orders?state=open&code=DE"},
       {"GET", shop_url + "/zip?code=US"}});
  CHECK_THAT(toml, !Contains("5e"));
  CHECK_THAT(toml, Contains("code = \"{code}\"") && Contains("state = \"{state}\"") &&
                       Contains("ok = \"1\"") && Contains("grant_type = \"authorization_code\"") &&
                       Contains("code = \"US\""));
}

TEST_CASE("a token that no answer gave is filled in by a person") {
  const auto toml = imported_har(
      {{"GET", shop_url + "/a", {{"Authorization", "Bearer 5ecret-token"}}}, {"GET", shop_url + "/b"}});
  CHECK(told_fill_ins(toml) == std::vector<std::string>{"token"});
  CHECK(parse_scenario(toml, "new.toml", {{"Authorization", "Bearer t", false}}).has_value());
  CHECK_THAT(toml, Contains("path = \"/b\"\nauth = {}\n"));
}

TEST_CASE("bodies are kept as they can be sent again") {
  const auto [seen, part] = GENERATE(table<Seen, std::string>({
      {{"POST",
        shop_url + "/a",
        {},
        "application/json; charset=utf-8",
        R"({"q": "{user{name}}", "n": [1.5, {}]})"},
       R"(body = '{"q": "\u007buser\u007bname}}", "n": [1.5, {}]}')"},
      {{"POST", shop_url + "/a", {}, "application/vnd.api+json", "{}"},
       "headers = { Content-Type = \"application/vnd.api+json\" }\nbody = \"{}\"\n"},
      {{"POST", shop_url + "/a", {}, form_media, "a=1&b=x%20y+z&a=2&c=%7Bid%7D"},
       "form = { a = [\"1\", \"2\"], b = \"x y z\", c = \"{text}\" }\nparams.text = { list = [\"{id}\"] }\n"},
      {{"POST", shop_url + "/a", {}, "multipart/form-data; boundary=x", "--x"}, "# method = \"POST\"\n"},
      {{"POST", shop_url + "/a", {}, json_media, "{broken"}, "# off: its body was neither JSON nor a form"},
      {{"DELETE", shop_url + "/a/7", {}}, "# path = \"/a/{a_id}\"\n"},
      {{.method = "GET", .url = shop_url + "/a", .status = 302}, "status = [302]\n"},
      {{"GET", shop_url + "/a b|{id}?x={uuid}&y=%FF"},
       "path = \"/a%20b%7C%7Bid%7D\"\nquery = { x = \"{text}\" }\nparams.text = { list = [\"{uuid}\"] }\n"},
  }));
  const auto toml = imported_har({{"GET", shop_url + "/"}, seen});
  CHECK_THAT(toml, Contains(part));
}

TEST_CASE("recordings that are none are refused in one line") {
  const auto [text, fault] = GENERATE(table<std::string, std::string>({
      {"<html>", "it is no JSON at line 1"},
      {R"({"log": {}})", "is not a HAR file: it has no log with entries"},
      {R"({"log": {"entries": []}})", "has no request that a task could be made of, among 0"},
      {recording_of({{"DELETE", "http://h/a"}}), "has nothing to call but what is off at first"},
  }));
  const auto written = scenario_of_har(text, "x.har");
  REQUIRE(written.has_error());
  CHECK_THAT(written.error().message, Contains(fault));
}
