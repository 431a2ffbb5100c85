#include "http/api/openapi/operations.hpp"

#include <boost/json/array.hpp>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

#include "http/api/negotiation.hpp"
#include "http/api/openapi/parameters.hpp"
#include "http/api/openapi/responses.hpp"
#include "http/api/openapi/schemas.hpp"
#include "http/api/row_paths.hpp"

namespace troupe::http {
namespace {

namespace json = boost::json;

/// The same schema in both forms that rows travel in.
json::object row_content(const json::object& schema) {
  json::object content;
  for (const auto format : {ContentFormat::json, ContentFormat::msgpack})
    content[content_type_of(format)] = {{"schema", schema}};
  return content;
}

json::object either(json::object one, json::object other) {
  return {{"oneOf", json::array{std::move(one), std::move(other)}}};
}

json::object many(json::object schema) {
  return {{"type", "array"}, {"items", std::move(schema)}};
}

/// The operations of one resource.
class Operations {
 public:
  explicit Operations(const DescribedResource& described)
      : resource_(described.resource),
        names_(described.names),
        max_rows_(described.max_rows),
        max_offset_(described.max_offset) {}

  json::object list() const {
    auto operation = made(names_.list, "List " + names_.rows);
    operation["parameters"] = list_parameters(resource_, max_offset_);
    operation["responses"] = with_errors({{"200",
                                           {{"description", "A page of them."},
                                            {"headers", headers_of({"Link", "Vary", "X-Total-Count"})},
                                            {"content", row_content(many(row()))}}}},
                                         {"403", "406", "500", "503"});
    return operation;
  }

  json::object create() const {
    auto operation = made("create" + names_.component, "Create " + names_.a_row + ", or several");
    auto rows = many(schema_ref("New" + names_.component));
    rows["maxItems"] = max_rows_;
    operation["requestBody"] = body(either(schema_ref("New" + names_.component), std::move(rows)));
    operation["responses"] =
        with_errors({{"201",
                      {{"description", "What was stored: one row, or all in their order."},
                       {"headers", headers_of({resource_.key.empty() ? "" : "Location", "Vary", tag()})},
                       {"content", row_content(either(row(), many(row())))}}}},
                    {"403", "406", "409", "415", "422", "500", "503"});
    return operation;
  }

  json::object read() const {
    auto operation = made("get" + names_.component, "Read " + names_.a_row);
    json::array parameters;
    if (auto fields = fields_parameter(resource_); !fields.empty()) parameters.push_back(std::move(fields));
    json::object responses{{"200", one_row("The row.")}};
    if (resource_.has_xmin) {
      parameters.push_back(
          header_parameter("If-None-Match", "Versions that are known: 304 for one of them.", false));
      responses["304"] = {{"description", "The row is of a version that is known."},
                          {"headers", headers_of({"ETag", "Vary"})}};
    }
    operation["parameters"] = std::move(parameters);
    operation["responses"] = with_errors(std::move(responses), {"403", "404", "406", "500", "503"});
    return operation;
  }

  json::object replace() const {
    auto operation = made("replace" + names_.component, "Replace " + names_.a_row);
    auto parameters = match_parameters();
    json::object responses{{"200", one_row("The row as it is now.")}};
    if (resource_.client_key) {
      operation["summary"] = "Create or replace " + names_.a_row;
      parameters.push_back(header_parameter("If-None-Match", "With * only to create the row.", false));
      responses["201"] = one_row("The row, which is new.");
    }
    operation["parameters"] = std::move(parameters);
    operation["requestBody"] = body(schema_ref(
        replaced_as_created(resource_) ? "New" + names_.component : names_.component + "Replacement"));
    operation["responses"] = with_errors(
        std::move(responses), {"403", "404", "406", "409", "412", "415", "422", needs_match(), "500", "503"});
    return operation;
  }

  json::object change() const {
    auto operation = made("change" + names_.component, "Change members of " + names_.a_row);
    operation["parameters"] = match_parameters();
    auto change = body(schema_ref(names_.component + "Change"));
    change["content"].as_object()["application/merge-patch+json"] = {
        {"schema", schema_ref(names_.component + "Change")}};
    operation["requestBody"] = std::move(change);
    operation["responses"] =
        with_errors({{"200", one_row("The row as it is now.")}},
                    {"403", "404", "406", "409", "412", "415-patch", "422", needs_match(), "500", "503"});
    return operation;
  }

  json::object remove() const {
    auto operation = made("delete" + names_.component, "Delete " + names_.a_row);
    operation["parameters"] = match_parameters();
    operation["responses"] = with_errors({{"204", {{"description", "The row is gone."}}}},
                                         {"403", "404", "409", "412", "422", needs_match(), "500", "503"});
    return operation;
  }

 private:
  json::object made(std::string_view id, std::string_view summary) const {
    return {{"operationId", id}, {"summary", summary}, {"tags", json::array{resource_.name}}};
  }

  json::object row() const { return schema_ref(names_.component); }

  static json::object body(const json::object& schema) {
    return {{"required", true}, {"content", row_content(schema)}};
  }

  std::string_view tag() const { return resource_.has_xmin ? "ETag" : ""; }
  std::string_view needs_match() const { return resource_.require_match ? "428" : ""; }

  json::object one_row(std::string_view description) const {
    return {{"description", description},
            {"headers", headers_of({tag(), "Vary"})},
            {"content", row_content(row())}};
  }

  /// Rows without a version match "*" only, which says no more than the path.
  json::array match_parameters() const {
    if (!resource_.has_xmin) return {};
    return {header_parameter("If-Match", "The versions that the row may be of, or *.",
                             resource_.require_match && !resource_.client_key)};
  }

  const schema::Resource& resource_;
  const ResourceNames& names_;
  std::size_t max_rows_;
  std::uint64_t max_offset_;
};

}  // namespace

void add_paths(const DescribedResource& described, json::object& paths) {
  const auto& resource = described.resource;
  const auto& can = resource.methods;
  const Operations operations(described);
  json::object rows;
  if (can.list) rows["get"] = operations.list();
  if (can.create) rows["post"] = operations.create();
  if (!rows.empty()) paths[resource.path] = std::move(rows);
  if (resource.key.empty()) return;
  json::object row;
  if (can.read) row["get"] = operations.read();
  if (can.replace) row["put"] = operations.replace();
  if (can.change) row["patch"] = operations.change();
  if (can.remove) row["delete"] = operations.remove();
  if (row.empty()) return;
  row["parameters"] = key_parameters_of(resource);
  paths[row_path_of(resource)] = std::move(row);
}

void add_schemas(const DescribedResource& described, json::object& schemas) {
  const auto& resource = described.resource;
  const auto& can = resource.methods;
  const auto& name = described.names.component;
  const bool has_key = !resource.key.empty();
  const bool shown = can.list || can.create || (has_key && (can.read || can.replace || can.change));
  if (shown) schemas[name] = shown_row_schema(resource);
  if (can.create) schemas["New" + name] = new_row_schema(resource);
  if (has_key && can.replace && !replaced_as_created(resource))
    schemas[name + "Replacement"] = replacement_schema(resource);
  if (has_key && can.change) schemas[name + "Change"] = change_schema(resource);
}

}  // namespace troupe::http
