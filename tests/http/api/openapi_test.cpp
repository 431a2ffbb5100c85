#include <re2/re2.h>

#include <algorithm>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <catch2/catch.hpp>

#include "http/api/openapi.hpp"

using namespace troupe;
using namespace troupe::schema;
namespace json = boost::json;

namespace {

Type of(TypeKind kind, std::string name) {
  Type type;
  type.kind = kind;
  type.declared = name;
  type.name = std::move(name);
  return type;
}

Column column(std::string name, Type type, bool nullable = false) {
  Column made;
  made.name = std::move(name);
  made.type = std::move(type);
  made.nullable = nullable;
  return made;
}

Column identity(std::string name) {
  auto made = column(std::move(name), of(TypeKind::integer, "bigint"));
  made.has_default = true;
  made.writable = false;
  return made;
}

Resource described_items() {
  Resource resource;
  resource.name = "items";
  resource.path = "/items/";
  resource.table = "items";
  resource.singular = "item";
  resource.lenient = true;
  auto name = column("name", of(TypeKind::text, "text"));
  name.rules.min_length = 1;
  name.rules.max_length = 50;
  auto price = column("price", of(TypeKind::real, "double precision"));
  price.rules.min = "0";
  auto in_stock = column("in_stock", of(TypeKind::boolean, "boolean"));
  in_stock.has_default = true;
  in_stock.default_sql = "true";
  resource.columns = {identity("id"), name, column("description", of(TypeKind::text, "text"), true), price,
                      in_stock};
  resource.key = {0};
  resource.finish();
  return resource;
}

/// A column of every kind of type, and of every rule.
Resource everything() {
  Resource resource;
  resource.name = "every thing";
  resource.path = "/every/";
  resource.table = "every";
  resource.singular = "row";
  resource.comment = "One of each.";
  auto small = of(TypeKind::integer, "smallint");
  small.bits = 16;
  auto single = of(TypeKind::real, "real");
  single.bits = 32;
  auto money = of(TypeKind::numeric, "numeric");
  money.precision = 10;
  money.scale = 2;
  auto code = of(TypeKind::text, "character");
  code.max_characters = 3;
  auto mood = of(TypeKind::enumeration, "mood");
  mood.labels = {"sad", "it's fine"};
  auto tags = of(TypeKind::array, "text[]");
  tags.element = {of(TypeKind::text, "text")};
  resource.columns = {column("number", small),
                      column("limit", of(TypeKind::integer, "bigint"), true),
                      column("single", single),
                      column("total", money),
                      column("exact", of(TypeKind::numeric, "numeric"), true),
                      column("code", code),
                      column("id", of(TypeKind::uuid, "uuid")),
                      column("day", of(TypeKind::date, "date"), true),
                      column("at", of(TypeKind::time, "time")),
                      column("local", of(TypeKind::timestamp, "timestamp")),
                      column("moment", of(TypeKind::timestamptz, "timestamptz")),
                      column("span", of(TypeKind::interval, "interval")),
                      column("document", of(TypeKind::json, "jsonb"), true),
                      column("bytes", of(TypeKind::bytes, "bytea")),
                      column("mood", mood, true),
                      column("tags", tags),
                      column("address", of(TypeKind::other, "inet"), true),
                      column("yes", of(TypeKind::boolean, "boolean"))};
  resource.columns[1].as_string = true;
  resource.columns[3].rules.min = "0.01";
  resource.columns[3].comment = "In euros.";
  resource.columns[5].rules.pattern = std::make_shared<const re2::RE2>("[A-Z]{3}");
  resource.columns[14].default_sql = "'sad'::mood";
  resource.columns[14].has_default = true;
  resource.constraints = {{"every_id_fkey", Constraint::Kind::foreign, {"id"}, "shop.others"}};
  resource.key = {0, 6};
  resource.client_key = true;
  resource.require_match = true;
  resource.finish();
  return resource;
}

/// The document of these resources.
json::value document_of(std::vector<Resource> resources) {
  std::vector<postgres::SharedResource> served;
  for (auto& resource : resources)
    served.push_back(std::make_shared<const postgres::ServedResource>(std::move(resource), served.size(), 1));
  constexpr std::size_t max_rows = 64;
  return json::parse(http::openapi_document(served, max_rows));
}

const json::value& both() {
  static const auto value = document_of({described_items(), everything()});
  return value;
}

const json::value& at(const std::string& pointer) {
  return both().at_pointer(pointer);
}

/// The member's schema in this component.
const json::object& schema_of(const std::string& component, const std::string& member) {
  return at("/components/schemas/" + component + "/properties/" + member).as_object();
}

std::set<std::string> texts_of(const json::value& array) {
  std::set<std::string> texts;
  for (const auto& text : array.as_array()) texts.insert(std::string(text.as_string()));
  return texts;
}

/// The parameters' names.
std::set<std::string> parameters_of(const json::value& parameters) {
  std::set<std::string> names;
  for (const auto& parameter : parameters.as_array())
    CHECK(names.insert(std::string(parameter.at("name").as_string())).second);
  return names;
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

std::set<std::string> operations_of(const json::value& document) {
  std::set<std::string> operations;
  for (const auto& [path, item] : document.at("paths").as_object()) {
    for (const auto& [method, operation] : item.as_object()) {
      if (method != "parameters") operations.insert(std::string(method) + ' ' + std::string(path));
    }
  }
  return operations;
}

std::set<std::string> components_of(const json::value& document) {
  std::set<std::string> names;
  for (const auto& schema : document.at_pointer("/components/schemas").as_object())
    names.emplace(schema.key());
  return names;
}

const std::set<std::string> own_operations = {
    "get /health/live", "get /health/ready", "get /metrics", "get /openapi.json", "get /", "get /docs"};

}  // namespace

TEST_CASE("the OpenAPI document names every path and method") {
  auto expected = own_operations;
  expected.merge(std::set<std::string>{"get /items/", "post /items/", "get /items/{id}", "put /items/{id}",
                                       "patch /items/{id}", "delete /items/{id}", "get /every/",
                                       "post /every/", "get /every/{number}/{id}", "put /every/{number}/{id}",
                                       "patch /every/{number}/{id}", "delete /every/{number}/{id}"});
  CHECK(at("/openapi") == "3.1.0");
  CHECK(operations_of(both()) == expected);
}

TEST_CASE("every reference of the OpenAPI document leads somewhere, every operation has its own id") {
  std::set<std::string> ids;
  int references = 0;
  for_each_object(both(), [&](const json::object& object) {
    if (const auto* reference = object.if_contains("$ref")) {
      ++references;
      CAPTURE(*reference);
      CHECK_NOTHROW(at(std::string(reference->as_string()).substr(1)));
    }
    const auto* id = object.if_contains("operationId");
    if (id != nullptr && id->is_string()) {
      CHECK(ids.insert(std::string(id->as_string())).second);
    }
  });
  CHECK(references > 40);
  CHECK(ids.size() == 12 + own_operations.size());
  CHECK(std::ranges::includes(ids, std::set<std::string>{"changeItem", "createItem", "deleteItem", "getItem",
                                                         "listItems", "replaceItem"}));
}

TEST_CASE("items keep the schemas and the parameters that clients know") {
  CHECK(components_of(document_of({described_items()})) ==
        std::set<std::string>{"Item", "NewItem", "ItemChange", "Fault", "Problem"});
  const std::string schema = GENERATE("NewItem", "ItemChange");
  CHECK(schema_of(schema, "name").at("maxLength") == 50);
  CHECK(schema_of(schema, "name").at("minLength") == 1);
  CHECK(schema_of(schema, "price").at("minimum") == 0);
  CHECK(schema_of(schema, "description").at("type") == json::array{"string", "null"});
  CHECK(schema_of("NewItem", "description").at("default").is_null());
  CHECK(schema_of("NewItem", "in_stock").at("default") == true);
  CHECK_FALSE(schema_of("ItemChange", "in_stock").contains("default"));
  CHECK(texts_of(at("/components/schemas/NewItem/required")) == std::set<std::string>{"name", "price"});
  CHECK(schema_of("Item", "id").at("readOnly") == true);
  const auto parameters = parameters_of(at("/paths/~1items~1/get/parameters"));
  for (const auto* name : {"limit", "offset", "after", "order", "fields", "count", "name", "in_stock",
                           "min_price", "max_price", "price__gte", "name__icontains", "description__isnull"})
    CHECK(parameters.contains(name));
  CHECK(at("/paths/~1items~1/get/parameters/0/schema/maximum") == 1000);
}

TEST_CASE("a column's schema tells its type") {
  const auto [member, expected] = GENERATE(table<std::string, std::string>({
      {"number", R"({"type":"integer","format":"int32","minimum":-32768,"maximum":32767,"examples":[1]})"},
      {"limit", R"({"type":["string","null"],"pattern":"^-?[0-9]+$","examples":["1"]})"},
      {"single", R"({"type":"number","format":"float","examples":[1.5]})"},
      {"total",
       R"({"type":"number","exclusiveMinimum":-1e8,"exclusiveMaximum":1e8,"description":"In euros.","examples":[1.5]})"},
      {"exact", R"({"type":["number","null"],"examples":[1.5]})"},
      {"code", R"({"type":"string","maxLength":3,"examples":["AAA"]})"},
      {"id",
       R"({"type":"string","format":"uuid","description":"References shop.others.","examples":["01234567-89ab-4cde-8f01-23456789abcd"]})"},
      {"day", R"({"type":["string","null"],"format":"date","examples":["2026-01-31"]})"},
      {"at", R"({"type":"string","examples":["12:34:56"]})"},
      {"local", R"({"type":"string","examples":["2026-01-31T12:34:56"]})"},
      {"moment", R"({"type":"string","format":"date-time","examples":["2026-01-31T12:34:56Z"]})"},
      {"span", R"({"type":"string","examples":["1 day 02:00:00"]})"},
      {"document", R"({"examples":[{}]})"},
      {"bytes", R"({"type":"string","format":"byte","contentEncoding":"base64","examples":["AAEC"]})"},
      {"mood", R"({"type":["string","null"],"enum":["sad","it's fine",null],"examples":["sad"]})"},
      {"tags", R"({"type":"array","items":{"type":["string","null"]},"examples":[["text"]]})"},
      {"address", R"({"type":["string","null"],"description":"inet in PostgreSQL's text form."})"},
      {"yes", R"({"type":"boolean","examples":[true]})"},
  }));
  CAPTURE(member);
  CHECK(json::value(schema_of("EveryThing", member)) == json::parse(expected));
}

TEST_CASE("a body's schema tells the rules of the resource file and the defaults of the database") {
  CHECK(schema_of("NewEveryThing", "total").at("minimum") == 0.01);
  CHECK(schema_of("NewEveryThing", "code").at("pattern") == "[A-Z]{3}");
  CHECK(schema_of("NewEveryThing", "mood").at("default") == "sad");
  CHECK(schema_of("NewEveryThing", "day").at("default").is_null());
  CHECK(at("/components/schemas/EveryThing/required").as_array().size() == 18);
  CHECK_FALSE(texts_of(at("/components/schemas/NewEveryThing/required")).contains("mood"));
}

TEST_CASE("a key that clients choose is in the bodies of POST, and not in those of PUT and PATCH") {
  CHECK(schema_of("NewEveryThing", "id").at("format") == "uuid");
  const std::string schema = GENERATE("EveryThingReplacement", "EveryThingChange");
  CHECK_FALSE(at("/components/schemas/" + schema + "/properties").as_object().contains("id"));
}

TEST_CASE("filters are offered as lists take them") {
  const auto parameters = parameters_of(at("/paths/~1every~1/get/parameters"));
  const auto [name, offered] = GENERATE(table<std::string, bool>({
      {"number", true},
      {"number__in", true},
      {"number__contains", false},
      {"number__isnull", false},
      {"limit__exact", true},
      {"limit__gte", true},
      {"number__exact", false},
      {"code__icontains", true},
      {"document", false},
      {"document__isnull", true},
      {"document__exact", false},
      {"tags", false},
      {"address__isnull", true},
      {"address__startswith", false},
      {"min_price", false},
  }));
  CAPTURE(name);
  CHECK(parameters.contains(name) == offered);
}

TEST_CASE("a resource file's lists of filters and orders narrow what is offered") {
  auto resource = described_items();
  resource.filters = {"name"};
  resource.orders = {"id", "price"};
  const auto document = document_of({std::move(resource)});
  const auto& parameters = document.at_pointer("/paths/~1items~1/get/parameters");
  const auto names = parameters_of(parameters);
  CHECK(names.contains("name__ne"));
  CHECK_FALSE(names.contains("in_stock"));
  CHECK_FALSE(names.contains("min_price"));
  const auto order = std::ranges::find_if(parameters.as_array(),
                                          [](const json::value& one) { return one.at("name") == "order"; });
  CHECK(texts_of(order->at_pointer("/schema/items/enum")) ==
        std::set<std::string>{"id", "-id", "price", "-price"});
}

TEST_CASE("rows are offered and taken in every form") {
  const auto [content, forms] = GENERATE(table<std::string, std::size_t>({
      {"/paths/~1items~1/post/requestBody/content", 2},
      {"/paths/~1items~1/post/responses/201/content", 2},
      {"/paths/~1items~1/get/responses/200/content", 2},
      {"/paths/~1items~1{id}/patch/requestBody/content", 3},
  }));
  CAPTURE(content);
  CHECK_NOTHROW(at(content + "/application~1json/schema"));
  CHECK_NOTHROW(at(content + "/application~1msgpack/schema"));
  CHECK(at(content).as_object().size() == forms);
  CHECK(at("/paths/~1items~1/post/requestBody/content/application~1json/schema/oneOf/1/maxItems") == 64);
}

TEST_CASE("an operation promises the statuses that it can end in") {
  const auto [operation, with, without] = GENERATE(table<std::string, std::string, std::string>({
      {"/paths/~1items~1/get", "403", "404"},
      {"/paths/~1items~1/post", "409", "404"},
      {"/paths/~1items~1{id}/get", "304", "422"},
      {"/paths/~1items~1{id}/put", "412", "201"},
      {"/paths/~1items~1{id}/delete", "409", "428"},
      {"/paths/~1every~1{number}~1{id}/put", "201", "304"},
      {"/paths/~1every~1{number}~1{id}/patch", "428", "201"},
      {"/paths/~1health~1live/get", "421", "503"},
  }));
  CAPTURE(operation);
  const auto& responses = at(operation + "/responses").as_object();
  CHECK(responses.contains(with));
  CHECK_FALSE(responses.contains(without));
}

TEST_CASE("rows without a version have no entity tag, those without a key no path") {
  auto resource = described_items();
  resource.has_xmin = false;
  const auto versionless = document_of({std::move(resource)});
  CHECK_FALSE(versionless.at_pointer("/paths/~1items~1{id}/get/responses").as_object().contains("304"));
  CHECK_FALSE(
      versionless.at_pointer("/paths/~1items~1{id}/put/responses/200/headers").as_object().contains("ETag"));
  auto keyless = described_items();
  keyless.key.clear();
  keyless.methods.create = false;
  keyless.finish();
  const auto document = document_of({std::move(keyless)});
  auto expected = own_operations;
  expected.insert("get /items/");
  CHECK(operations_of(document) == expected);
  CHECK(components_of(document) == std::set<std::string>{"Item", "Fault", "Problem"});
  CHECK_FALSE(parameters_of(document.at_pointer("/paths/~1items~1/get/parameters")).contains("after"));
}

TEST_CASE("components of names that collide, or are no names for OpenAPI, are told apart") {
  const auto named = [](const std::string& name) {
    auto resource = described_items();
    resource.name = name;
    resource.path = '/' + name + '/';
    resource.singular = "row";
    return resource;
  };
  const auto names = components_of(document_of(
      {named("item"), named("new_item"), named("Item"), named("problem"), named("\u00e4\u00f6")}));
  CHECK(std::ranges::includes(names, std::set<std::string>{"Item", "Item3", "NewItem2", "Problem2", "Row"}));
  const re2::RE2 safe("[A-Za-z0-9._-]+");
  for (const auto& name : names) CHECK(re2::RE2::FullMatch(name, safe));
  CHECK(names.size() == 5 * 3 + 2);
}
