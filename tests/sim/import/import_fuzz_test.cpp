// Documents of others, broken in every way: an import ends in one line or in a scenario that loads.
#include <algorithm>
#include <array>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <catch2/catch.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "helpers/folder.hpp"
#include "helpers/imported_scenario.hpp"
#include "helpers/mutate.hpp"
#include "sim/import/har_import.hpp"
#include "sim/import/openapi_import.hpp"

using namespace troupe;
using namespace troupe::tests;
namespace json = boost::json;

namespace {

const std::string shop_document = R"({"openapi": "3.0.3", "info": {"title": "Shop", "version": "1"},
"servers": [{"url": "https://{h}/v1", "variables": {"h": {"default": "shop"}}}],
"components": {"securitySchemes": {"o": {"type": "oauth2", "flows": {"password": {"tokenUrl": "token"}}},
 "k": {"type": "apiKey", "in": "header", "name": "X-Key"}, "b": {"type": "http", "scheme": "basic"}},
 "schemas": {"Order": {"type": "object", "required": ["lines"], "properties": {"id": {"readOnly": true, "type": "integer"},
  "lines": {"type": "array", "minItems": 1, "items": {"$ref": "#/components/schemas/Line"}},
  "parent": {"$ref": "#/components/schemas/Order"}}},
 "Line": {"allOf": [{"properties": {"count": {"type": "integer", "minimum": 1, "maximum": 9, "multipleOf": 3}}},
  {"oneOf": [{"type": "null"}, {"properties": {"mail": {"format": "email", "type": "string"}}}]}]}}},
"security": [{"o": []}],
"paths": {"/token": {"post": {"security": [], "requestBody": {"content": {"application/x-www-form-urlencoded":
 {"schema": {"properties": {"username": {}, "password": {}}}}}}}},
"/orders": {"post": {"requestBody": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Order"}}}},
 "responses": {"201": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Order"}}}}}}},
"/orders/{id}": {"parameters": [{"name": "id", "in": "path", "required": true, "schema": {"type": "integer"}}],
 "get": {"security": [{"k": []}], "parameters": [{"name": "q", "in": "query", "required": true, "example": "a b"}]},
 "put": {"security": [{"b": []}], "requestBody": {"content": {"application/json": {"example": {"a": [1, "x"]}}}}},
 "delete": {}}, "/m": {"post": {"requestBody": {"content": {"multipart/form-data": {}}}}}}})";

const std::string shop_recording = R"({"log": {"version": "1.2", "entries": [
{"startedDateTime": "2026-01-01T10:00:00.5Z", "time": 20, "request": {"method": "POST", "url": "https://shop/login",
 "headers": [{"name": "X-A", "value": "1"}], "postData": {"mimeType": "application/json",
 "text": "{\"user\": \"u\", \"password\": \"5ecret-1\"}"}}, "response": {"status": 200,
 "headers": [{"name": "Set-Cookie", "value": "sid=5ecret-3; Path=/"}],
 "content": {"mimeType": "application/json", "text": "{\"access_token\": \"5ecret-2\"}"}}},
{"startedDateTime": "2026-01-01T10:00:02+01:00", "time": 9.5, "request": {"method": "GET",
 "url": "https://shop/items/17?q=lamp&q=chair&page=%7Bid%7D", "headers": [{"name": "Authorization", "value": "Bearer 5ecret-2"},
 {"name": "Cookie", "value": "sid=5ecret-3"}]}, "response": {"status": 304, "content": {"mimeType": "text/html"}}},
{"startedDateTime": "2026-01-01T10:00:03Z", "request": {"method": "POST", "url": "https://shop/items/17/buy",
 "headers": [], "postData": {"mimeType": "application/x-www-form-urlencoded", "text": "n=1&csrf_token=5ecret-4"}},
 "response": {"status": 302, "content": {"encoding": "base64", "text": "e30="}}},
{"request": {"method": "DELETE", "url": "https://shop/items/18", "headers": []}, "response": {"status": 204}},
{"request": {"method": "GET", "url": "https://cdn/x.png", "headers": []}, "response": {"status": 200}}]}})";

/// Texts that a file, a URL, a template or a log may trip over.
const std::array<std::string, 24> hostile_texts{"",
                                                "\"",
                                                "'''",
                                                "\n[[task]]\npath = \"/evil\"\n",
                                                "\\",
                                                "{id}",
                                                "{uuid}",
                                                "{random_int(9,1)}",
                                                "{x",
                                                "}",
                                                "{{a}}",
                                                "a b",
                                                "/",
                                                "//",
                                                "?x=1#y",
                                                "%",
                                                "%00",
                                                "%zz",
                                                std::string("\0\x1f\x7f", 3),
                                                "ä😀\xC2\x85",
                                                std::string(3000, 'x'),
                                                "Bearer abcdefgh",
                                                "#/components/schemas/Order",
                                                "../../etc"};

json::value hostile_value(Random& random) {
  switch (below(random, 8)) {
    case 0:
      return nullptr;
    case 1:
      return static_cast<std::int64_t>(random()) - 1'000'000'000;
    case 2:
      return std::array{1e308, -1e308, 1e-320, 0.1, -0.0, 9.3e18}[below(random, 6)];
    case 3:
      return below(random, 2) == 0;
    case 4:
      return json::object{{hostile_texts[below(random, hostile_texts.size())], "x"}};
    case 5:
      return json::array{hostile_texts[below(random, hostile_texts.size())], 1};
    default:
      return json::value(hostile_texts[below(random, hostile_texts.size())]);
  }
}

/// Every value in it, the root first.
void collect_values(json::value& value, std::vector<json::value*>& out) {
  out.push_back(&value);
  if (auto* object = value.if_object()) {
    for (auto& one : *object) collect_values(one.value(), out);
  } else if (auto* list = value.if_array()) {
    for (auto& one : *list) collect_values(one, out);
  }
}

/// Changes one value: to a hostile one, to a copy of another, or to one with more in it.
void mutate_value(json::value& document, Random& random) {
  std::vector<json::value*> values;
  collect_values(document, values);
  auto& place = *values[below(random, values.size())];
  const auto choice = below(random, 4);
  if (choice == 0 && values.size() < 3'000) {
    const json::value other = *values[below(random, values.size())];
    place = other;
  } else if (choice == 1 && place.is_object()) {
    auto& object = place.get_object();
    if (!object.empty() && below(random, 2) == 0) {
      const json::string key(
          (object.begin() + static_cast<std::ptrdiff_t>(below(random, object.size())))->key());
      json::value moved = object.at(key);
      object.erase(key);
      object[hostile_texts[below(random, hostile_texts.size())]] = std::move(moved);
    } else {
      object[hostile_texts[below(random, hostile_texts.size())]] = hostile_value(random);
    }
  } else if (&place != &document || below(random, 20) == 0) {
    place = hostile_value(random);
  }
}

using Import = Result<std::string> (*)(std::string_view, std::string_view);

struct Counts {
  int written = 0, refused = 0;
};

/// Imports mutated documents; checks each end.
Counts import_mutated(Import import, const std::string& seed_text, unsigned seed, int rounds) {
  Random random(seed);
  Counts counts;
  const auto original = json::parse(seed_text);
  const std::vector<std::string_view> pieces(hostile_texts.begin(), hostile_texts.end());
  for (int round = 0; round < rounds; ++round) {
    auto document = original;
    for (auto mutations = below(random, 6); mutations > 0; --mutations) mutate_value(document, random);
    auto text = json::serialize(document);
    if (below(random, 8) == 0) mutate_bytes(text, pieces, random);
    const auto written = import(text, "fuzz.json");
    const auto fault = written ? import_fault(*written) : std::string{};
    const bool one_line = written || written.error().message.find('\n') == std::string::npos;
    if (!fault.empty() || !one_line) {
      INFO("round " << round << ": " << text);
      INFO((written ? *written : written.error().message));
      REQUIRE(fault == "");
      REQUIRE(one_line);
    }
    ++(written ? counts.written : counts.refused);
  }
  return counts;
}

void check_counts(const Counts& counts, int rounds) {
  // Both ends must be met often, or the mutations test nothing.
  CHECK(counts.written > rounds / 3);
  CHECK(counts.refused > rounds / 100);
}

}  // namespace

TEST_CASE("a mutated OpenAPI document ends in one line or in a scenario that loads") {
  check_counts(import_mutated(sim::scenario_of_openapi, shop_document, 1, 300), 300);
}

TEST_CASE("a mutated recording ends in one line or in a scenario that loads") {
  check_counts(import_mutated(sim::scenario_of_har, shop_recording, 2, 400), 400);
}

TEST_CASE("thousands of mutated documents end in one line or in a scenario that loads", "[.][nightly]") {
  const auto seed = GENERATE(range(10U, 20U));
  check_counts(import_mutated(sim::scenario_of_openapi, shop_document, seed, 3000), 3000);
  check_counts(
      import_mutated(sim::scenario_of_openapi,
                     content_of(TROUPE_SOURCE_DIR "/tests/sim/import/fastapi_items.json"), seed, 1000),
      1000);
  check_counts(import_mutated(sim::scenario_of_har, shop_recording, seed, 3000), 3000);
}

TEST_CASE("the secrets of a recording stay in it, however the rest is mutated") {
  // Values are only changed beside the secrets and the names by which they are known.
  const std::array<std::string_view, 5> changed{"\"GET\"", "https://shop/items/17", "lamp", "\"X-A\"", "n=1"};
  Random random(3);
  for (int round = 0; round < 200; ++round) {
    auto text = shop_recording;
    for (const auto part : changed) {
      if (below(random, 3) != 0) continue;
      const auto other = hostile_texts[below(random, hostile_texts.size())];
      const auto quoted = json::serialize(json::value(other));
      const auto inside = quoted.substr(1, quoted.size() - 2);
      const auto put = part.starts_with('"')       ? quoted
                       : part.starts_with("https") ? "https://shop/" + inside
                                                   : inside;
      text.replace(text.find(part), part.size(), put);
    }
    const auto written = sim::scenario_of_har(text, "fuzz.har");
    INFO(text);
    if (written) REQUIRE(written->find("5ecret") == std::string::npos);
  }
}
