#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <set>
#include <string>

#include <catch2/catch.hpp>

#include "http/api/openapi.hpp"
#include "items/item.hpp"
#include "items/list_query.hpp"

using namespace troupe::http;
namespace json = boost::json;

namespace {

const json::value& document() {
  static const json::value value = json::parse(openapi_document());
  return value;
}

const json::value& at(const std::string& pointer) {
  return document().at_pointer(pointer);
}

/// Calls `visit` with every object below `value`.
template <class Visit>
void for_each_object(const json::value& value, const Visit& visit) {
  if (const auto* array = value.if_array()) {
    for (const auto& element : *array) for_each_object(element, visit);
  }
  if (const auto* object = value.if_object()) {
    visit(*object);
    for (const auto& member : *object) for_each_object(member.value(), visit);
  }
}

}  // namespace

TEST_CASE("the OpenAPI document names every path and method") {
  std::set<std::string> operations;
  for (const auto& [path, item] : at("/paths").as_object()) {
    for (const auto& [method, operation] : item.as_object()) {
      if (method != "parameters") operations.insert(std::string(method) + ' ' + std::string(path));
    }
  }
  CHECK(at("/openapi") == "3.1.0");
  CHECK(operations == std::set<std::string>{"get /items/", "post /items/", "get /items/{id}",
                                            "put /items/{id}", "patch /items/{id}", "delete /items/{id}",
                                            "get /health/live", "get /health/ready", "get /metrics",
                                            "get /openapi.json"});
}

TEST_CASE("every reference of the OpenAPI document leads somewhere, every operation has its own id") {
  std::set<std::string> ids;
  int references = 0;
  for_each_object(document(), [&](const json::object& object) {
    if (const auto* reference = object.if_contains("$ref")) {
      ++references;
      CAPTURE(*reference);
      CHECK_NOTHROW(at(std::string(reference->as_string()).substr(1)));
    }
    if (const auto* id = object.if_contains("operationId")) {
      CHECK(ids.insert(std::string(id->as_string())).second);
    }
  });
  CHECK(references > 20);
  CHECK(ids.size() == 10);
}

TEST_CASE("the OpenAPI document tells the limits the code holds to") {
  const std::string schema = GENERATE("Item", "NewItem", "ItemChange");
  const std::string properties = "/components/schemas/" + schema + "/properties";
  CHECK(at(properties + "/name/maxLength") == troupe::items::max_name_length);
  CHECK(at(properties + "/description/maxLength") == troupe::items::max_description_length);
  CHECK(at("/paths/~1items~1/get/parameters/0/schema/maximum") == troupe::items::max_limit);
}

TEST_CASE("items are offered and taken in both forms") {
  for (const std::string content :
       {"/paths/~1items~1/post/requestBody/content", "/paths/~1items~1/post/responses/201/content",
        "/paths/~1items~1/get/responses/200/content", "/paths/~1items~1{id}/patch/requestBody/content"}) {
    CAPTURE(content);
    CHECK_NOTHROW(at(content + "/application~1json/schema"));
    CHECK_NOTHROW(at(content + "/application~1msgpack/schema"));
  }
}
