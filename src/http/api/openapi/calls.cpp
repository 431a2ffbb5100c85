#include "http/api/openapi/calls.hpp"

#include <boost/json/array.hpp>
#include <set>
#include <string>
#include <utility>

#include "http/api/negotiation.hpp"
#include "http/api/openapi/responses.hpp"
#include "http/api/openapi/schemas.hpp"
#include "schema/query/query.hpp"

namespace troupe::http {
namespace {

namespace json = boost::json;
using schema::Query;

json::object content_of(const json::object& schema) {
  json::object content;
  for (const auto format : {ContentFormat::json, ContentFormat::msgpack})
    content[content_type_of(format)] = {{"schema", schema}};
  return content;
}

json::array parameters_of(const Query& query) {
  json::array parameters;
  for (std::size_t i = 0; i < query.parameters.columns.size(); ++i) {
    const auto& column = query.parameters.columns[i];
    parameters.push_back(json::object{{"name", column.name},
                                      {"in", "query"},
                                      {"required", query.defaults[i].empty()},
                                      {"schema", compared_value_schema(column)}});
  }
  return parameters;
}

json::object responses_of(const Query& query) {
  json::object good{{"description", query.one ? "The row." : "The rows."}, {"headers", headers_of({"Vary"})}};
  json::object row = shown_row_schema(query.rows);
  if (query.rows.columns.empty())
    return with_errors({{"204", {{"description", "It has been done."}}}},
                       {"403", "406", "409", "415", "422", "500", "503"});
  good["content"] =
      content_of(query.one ? std::move(row) : json::object{{"type", "array"}, {"items", std::move(row)}});
  json::object responses{{"200", std::move(good)}};
  if (query.write)
    return with_errors(std::move(responses),
                       {"403", query.one ? "404" : "", "406", "409", "415", "422", "500", "503"});
  return with_errors(std::move(responses), {"403", query.one ? "404" : "", "406", "422", "500", "503"});
}

/// A name for clients' functions; no two are the same.
std::string id_of(const Query& query, std::set<std::string>& taken) {
  std::string id = "call_";
  for (const char c : query.name) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    id += plain ? c : '_';
  }
  while (!taken.insert(id).second) id += '_';
  return id;
}

}  // namespace

void add_calls(std::span<const postgres::SharedQuery> queries, json::object& paths) {
  std::set<std::string> taken;
  for (const auto& served : queries) {
    const auto& query = served->query;
    json::object operation{{"operationId", id_of(query, taken)},
                           {"summary", query.comment.empty() ? "The query " + query.name : query.comment},
                           {"tags", json::array{"queries"}},
                           {"responses", responses_of(query)}};
    if (query.write)
      operation["requestBody"] = {{"required", !query.parameters.columns.empty()},
                                  {"content", content_of(new_row_schema(query.parameters))}};
    else
      operation["parameters"] = parameters_of(query);
    paths[query.path] = {{query.write ? "post" : "get", std::move(operation)}};
  }
}

}  // namespace troupe::http
