#include "http/api/openapi.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <initializer_list>
#include <string_view>
#include <utility>

#include "http/api/negotiation.hpp"
#include "http/server/problem.hpp"
#include "items/item.hpp"
#include "items/list_query.hpp"

#ifndef TROUPE_VERSION
#error "the build defines TROUPE_VERSION"
#endif

namespace troupe::http {
namespace {

namespace json = boost::json;

json::object ref(std::string_view kind, std::string_view name) {
  return {{"$ref", "#/components/" + std::string(kind) + '/' + std::string(name)}};
}

json::object schema_ref(std::string_view name) {
  return ref("schemas", name);
}

/// The same schema in both forms items travel in.
json::object item_content(const json::object& schema) {
  json::object content;
  for (const auto format : {ContentFormat::json, ContentFormat::msgpack}) {
    content[content_type_of(format)] = {{"schema", schema}};
  }
  return content;
}

// --- schemas

json::object item_properties() {
  return {{"name", {{"type", "string"}, {"minLength", 1}, {"maxLength", items::max_name_length}}},
          {"description", {{"type", {"string", "null"}}, {"maxLength", items::max_description_length}}},
          {"price", {{"type", "number"}, {"format", "double"}, {"minimum", 0}}},
          {"in_stock", {{"type", "boolean"}}}};
}

json::object item_schema() {
  json::object properties = {{"id", {{"type", "integer"}, {"format", "int64"}}}};
  for (const auto& [name, schema] : item_properties()) properties[name] = schema;
  return {{"type", "object"},
          {"properties", std::move(properties)},
          {"required", {"id", "name", "description", "price", "in_stock"}}};
}

json::object new_item_schema() {
  json::object properties = item_properties();
  properties["description"].as_object()["default"] = nullptr;
  properties["in_stock"].as_object()["default"] = true;
  return {{"type", "object"}, {"properties", std::move(properties)}, {"required", {"name", "price"}}};
}

json::object item_change_schema() {
  return {{"type", "object"},
          {"description", "The fields to change; an absent one stays as it is."},
          {"properties", item_properties()}};
}

json::object string_schema() {
  return {{"type", "string"}};
}

json::object fault_schema() {
  return {{"type", "object"},
          {"properties",
           {{"loc", {{"type", "array"}, {"items", string_schema()}}},
            {"msg", string_schema()},
            {"type", string_schema()}}},
          {"required", {"loc", "msg", "type"}}};
}

json::object problem_schema() {
  return {{"type", "object"},
          {"description", "Problem details, RFC 9457."},
          {"properties",
           {{"type", {{"type", "string"}, {"format", "uri"}}},
            {"title", string_schema()},
            {"status", {{"type", "integer"}}},
            {"detail", string_schema()},
            {"outcome",
             {{"type", "string"},
              {"enum", json::array{"unknown"}},
              {"description", "A write that was not confirmed: it may or may not have happened."}}},
            {"errors", {{"type", "array"}, {"items", schema_ref("Fault")}}}}},
          {"required", {"type", "title", "status"}}};
}

json::object schemas() {
  return {{"Item", item_schema()},
          {"NewItem", new_item_schema()},
          {"ItemChange", item_change_schema()},
          {"Fault", fault_schema()},
          {"Problem", problem_schema()}};
}

// --- parameters

json::object query_parameter(std::string_view name, std::string_view description, json::object schema) {
  return {{"name", name}, {"in", "query"}, {"description", description}, {"schema", std::move(schema)}};
}

json::array list_parameters() {
  const json::object text = string_schema();
  const json::object number = {{"type", "number"}};
  const json::object flag = {{"type", "boolean"}};
  return {
      query_parameter("limit", "Items of a page, at most.",
                      {{"type", "integer"},
                       {"minimum", 1},
                       {"maximum", items::max_limit},
                       {"default", items::default_limit}}),
      query_parameter("offset", "Items to skip.",
                      {{"type", "integer"}, {"format", "int64"}, {"minimum", 0}, {"default", 0}}),
      query_parameter("after", "Start behind this id; only with order id or -id, and without offset.",
                      {{"type", "integer"}, {"format", "int64"}}),
      query_parameter("order", "Sort by this field, descending with a minus sign.",
                      {{"type", "string"},
                       {"enum", {"id", "name", "price", "-id", "-name", "-price"}},
                       {"default", "id"}}),
      query_parameter("name", "Only items of exactly this name.", text),
      query_parameter("in_stock", "Only items that are, or are not, in stock.", flag),
      query_parameter("min_price", "Only items of at least this price.", number),
      query_parameter("max_price", "Only items of at most this price.", number),
      query_parameter("count", "Count all matching items into X-Total-Count.",
                      {{"type", "boolean"}, {"default", false}}),
  };
}

json::object id_parameter() {
  return {{"name", "id"},
          {"in", "path"},
          {"required", true},
          {"schema", {{"type", "integer"}, {"format", "int64"}}}};
}

// --- responses

json::object header(std::string_view description, std::string_view type) {
  return {{"description", description}, {"schema", {{"type", type}}}};
}

json::object problem_response(std::string_view description) {
  return {{"description", description},
          {"content", {{problem_content_type, {{"schema", schema_ref("Problem")}}}}}};
}

/// Every error answer by the name its $ref uses: the status, as no status has two meanings here.
json::object error_responses() {
  json::object responses = {
      {"400", problem_response("The request, its query or its body is malformed.")},
      {"404", problem_response("There is no such item.")},
      {"405", problem_response("The method is not allowed here; Allow names those that are.")},
      {"406", problem_response("No form that Accept allows is available.")},
      {"408", problem_response("The request did not arrive in time.")},
      {"413", problem_response("The body is too large.")},
      {"414", problem_response("The request target is too long.")},
      {"415", problem_response("The body is in none of the forms read here.")},
      {"421", problem_response("The Host field names a host that this server does not answer for.")},
      {"422", problem_response("The item is not valid; errors names every fault.")},
      {"431", problem_response("The header fields are too large.")},
      {"503", problem_response("The server is busy, or its database is away.")}};
  responses["405"].as_object()["headers"] = {{"Allow", header("The methods allowed here.", "string")}};
  responses["503"].as_object()["headers"] = {
      {"Retry-After", header("Seconds after which to try again.", "integer")}};
  return responses;
}

/// Adds the errors an operation can end in: its own, and those that any request can.
json::object with_errors(json::object responses, std::initializer_list<std::string_view> own) {
  for (const std::string_view status : own) responses[status] = ref("responses", status);
  for (const std::string_view status : {"400", "405", "408", "413", "414", "421", "431"}) {
    responses[status] = ref("responses", status);
  }
  return responses;
}

json::object item_response(std::string_view description) {
  return {{"description", description}, {"content", item_content(schema_ref("Item"))}};
}

json::object created_response() {
  json::object response = item_response("The item as it was stored.");
  response["headers"] = {{"Location", header("Where the item is.", "string")}};
  return response;
}

json::object list_response() {
  return {{"description", "A page of items."},
          {"headers",
           {{"Link", header("The next page, rel=\"next\", when there is one.", "string")},
            {"X-Total-Count", header("All matching items; with count=true.", "integer")}}},
          {"content", item_content({{"type", "array"}, {"items", schema_ref("Item")}})}};
}

// --- operations

json::object operation(std::string_view id, std::string_view summary, json::object responses) {
  return {{"operationId", id}, {"summary", summary}, {"responses", std::move(responses)}};
}

json::object with_body(json::object operation, std::string_view schema) {
  operation["requestBody"] = {{"required", true}, {"content", item_content(schema_ref(schema))}};
  return operation;
}

json::object collection_path() {
  json::object list =
      operation("listItems", "List items", with_errors({{"200", list_response()}}, {"406", "503"}));
  list["parameters"] = list_parameters();
  return {
      {"get", std::move(list)},
      {"post", with_body(operation("createItem", "Create an item",
                                   with_errors({{"201", created_response()}}, {"406", "415", "422", "503"})),
                         "NewItem")}};
}

json::object item_path() {
  const json::object changed =
      with_errors({{"200", item_response("The item as it is now.")}}, {"404", "406", "415", "422", "503"});
  const json::object deleted = with_errors({{"204", {{"description", "The item is gone."}}}}, {"404", "503"});
  return {{"parameters", json::array{id_parameter()}},
          {"get", operation("getItem", "Read an item",
                            with_errors({{"200", item_response("The item.")}}, {"404", "406", "503"}))},
          {"put", with_body(operation("replaceItem", "Replace an item", changed), "NewItem")},
          {"patch", with_body(operation("changeItem", "Change fields of an item", changed), "ItemChange")},
          {"delete", operation("deleteItem", "Delete an item", deleted)}};
}

/// A path that answers GET with something other than items.
json::object service_path(std::string_view id, std::string_view summary, std::string_view content_type,
                          std::initializer_list<std::string_view> errors) {
  const json::object answer = {{"description", summary}, {"content", {{content_type, json::object()}}}};
  return {{"get", operation(id, summary, with_errors({{"200", answer}}, errors))}};
}

json::object document() {
  return {
      {"openapi", "3.1.0"},
      {"info",
       {{"title", "Troupe"},
        {"version", TROUPE_VERSION},
        {"description",
         "Items on PostgreSQL. Every path also works with its trailing slash added or taken away; every "
         "GET also as HEAD; every path answers OPTIONS."}}},
      {"paths",
       {{"/items/", collection_path()},
        {"/items/{id}", item_path()},
        {"/health/live", service_path("live", "The process runs", content_type_of(ContentFormat::json), {})},
        {"/health/ready",
         service_path("ready", "The database answers", content_type_of(ContentFormat::json), {"503"})},
        {"/metrics", service_path("metrics", "Metrics for Prometheus", "text/plain", {})},
        {"/openapi.json",
         service_path("openapi", "This document", content_type_of(ContentFormat::json), {})}}},
      {"components", {{"schemas", schemas()}, {"responses", error_responses()}}}};
}

}  // namespace

const std::string& openapi_document() {
  static const std::string text = json::serialize(document());
  return text;
}

}  // namespace troupe::http
