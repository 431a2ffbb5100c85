#include "http/api/openapi/parameters.hpp"

#include <algorithm>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "http/api/lookups.hpp"
#include "http/api/openapi/examples.hpp"
#include "http/api/openapi/schemas.hpp"
#include "http/api/row_paths.hpp"

namespace troupe::http {
namespace {

namespace json = boost::json;
using schema::Column;
using schema::Lookup;
using schema::Resource;
using schema::TypeKind;

json::object query_parameter(std::string_view name, std::string_view description, json::object schema) {
  return {{"name", name}, {"in", "query"}, {"description", description}, {"schema", std::move(schema)}};
}

/// Values with commas between.
json::object values_parameter(std::string_view name, std::string_view description, json::object items) {
  auto parameter =
      query_parameter(name, description, {{"type", "array"}, {"items", std::move(items)}, {"minItems", 1}});
  parameter["style"] = "form";
  parameter["explode"] = false;
  return parameter;
}

/// Can it be one of several with commas between?
bool is_listable(const Column& column) {
  return column.name.find(',') == std::string::npos;
}

json::object order_parameter(const Resource& resource) {
  json::array terms, key;
  for (const auto& column : resource.columns) {
    if (may_order(resource, column) && is_listable(column) && !column.name.starts_with('-')) {
      terms.emplace_back(column.name);
      terms.emplace_back('-' + column.name);
    }
  }
  if (terms.empty()) return {};
  auto parameter = values_parameter("order", "Sort by these columns, descending with a minus sign.",
                                    {{"type", "string"}, {"enum", std::move(terms)}});
  for (const auto place : resource.key) key.emplace_back(resource.columns[place].name);
  if (!key.empty()) parameter["schema"].as_object()["default"] = std::move(key);
  return parameter;
}

std::string_view words_of(Lookup lookup) {
  switch (lookup) {
    case Lookup::exact:
      return "is";
    case Lookup::ne:
      return "is not";
    case Lookup::gt:
      return "is greater than";
    case Lookup::gte:
      return "is at least";
    case Lookup::lt:
      return "is less than";
    case Lookup::lte:
      return "is at most";
    case Lookup::in:
      return "is one of";
    case Lookup::contains:
      return "contains";
    case Lookup::icontains:
      return "contains, in any case,";
    case Lookup::startswith:
      return "begins with";
    case Lookup::isnull:
      break;
  }
  return "is null or, with false, is not";
}

bool is_offered(const Column& column, Lookup lookup) {
  if (lookup == Lookup::isnull) return column.nullable;
  if (is_pattern(lookup)) return column.type.kind == TypeKind::text;
  return is_comparable(column);
}

json::object filter_parameter(const std::string& name, const Column& column, Lookup lookup) {
  const auto description = "Only rows whose " + column.name + ' ' + std::string(words_of(lookup)) +
                           (lookup == Lookup::isnull ? "." : " this.");
  if (lookup == Lookup::isnull) return query_parameter(name, description, {{"type", "boolean"}});
  if (lookup == Lookup::in) return values_parameter(name, description, compared_value_schema(column));
  if (is_pattern(lookup)) return query_parameter(name, description, {{"type", "string"}});
  return query_parameter(name, description, compared_value_schema(column));
}

/// The filters, each name as parse_list_params takes it: reserved names first, then columns, then lookups.
class Filters {
 public:
  explicit Filters(const Resource& resource) : resource_(resource) {
    names_.insert(reserved_names.begin(), reserved_names.end());
    if (resource.lenient) {
      add_of("min_price", "price", Lookup::gte);
      add_of("max_price", "price", Lookup::lte);
    }
    for (const auto& column : resource.columns) names_of_columns_.insert(column.name);
    for (const auto& column : resource.columns) add_column(column);
  }

  json::array parameters;

 private:
  void add_column(const Column& column) {
    const bool reserved = names_.contains(column.name);
    for (const auto& [suffix, lookup] : lookup_names) {
      const auto with_lookup = column.name + "__" + std::string(suffix);
      if (lookup == Lookup::exact && !reserved) {
        add(column.name, column, lookup);
      } else if (!names_of_columns_.contains(with_lookup)) {
        add(with_lookup, column, lookup);
      }
    }
  }

  void add_of(const std::string& name, std::string_view column, Lookup lookup) {
    if (const auto place = resource_.find(column)) add(name, resource_.columns[*place], lookup);
  }

  void add(const std::string& name, const Column& column, Lookup lookup) {
    if (!may_filter(resource_, column) || !is_offered(column, lookup) || !names_.insert(name).second) return;
    parameters.push_back(filter_parameter(name, column, lookup));
  }

  const Resource& resource_;
  std::set<std::string, std::less<>> names_, names_of_columns_;
};

}  // namespace

json::object fields_parameter(const Resource& resource) {
  json::array names;
  for (const auto& column : resource.columns) {
    if (is_listable(column)) names.emplace_back(column.name);
  }
  if (names.empty()) return {};
  return values_parameter("fields", "Show only these members.",
                          {{"type", "string"}, {"enum", std::move(names)}});
}

json::array list_parameters(const Resource& resource, std::uint64_t max_offset) {
  json::array parameters{
      query_parameter("limit", "Rows of a page, at most.",
                      {{"type", "integer"},
                       {"minimum", 1},
                       {"maximum", resource.max_limit},
                       {"default", resource.default_limit}}),
      query_parameter("offset", "Rows to skip.",
                      {{"type", "integer"},
                       {"format", "int64"},
                       {"minimum", 0},
                       {"maximum", max_offset},
                       {"default", 0}}),
  };
  if (!resource.key.empty())
    parameters.push_back(query_parameter(
        "after", "Go on behind this row, as the Link of the page before says; without offset.",
        {{"type", "string"}}));
  for (auto parameter : {order_parameter(resource), fields_parameter(resource)}) {
    if (!parameter.empty()) parameters.push_back(std::move(parameter));
  }
  parameters.push_back(query_parameter("count", "Count all rows that match into X-Total-Count.",
                                       {{"type", "boolean"}, {"default", false}}));
  for (auto& filter : Filters(resource).parameters) parameters.push_back(std::move(filter));
  return parameters;
}

json::array key_parameters_of(const Resource& resource) {
  json::array parameters;
  const auto names = key_parameters(resource);
  for (std::size_t i = 0; i < names.size(); ++i) {
    const auto& column = resource.columns[resource.key[i]];
    auto schema = compared_value_schema(column);
    if (const auto example = example_of(column)) schema["examples"] = json::array{*example};
    json::object parameter{{"name", names[i]}, {"in", "path"}, {"required", true}};
    if (!column.comment.empty()) parameter["description"] = column.comment;
    parameter["schema"] = std::move(schema);
    parameters.push_back(std::move(parameter));
  }
  return parameters;
}

json::object header_parameter(std::string_view name, std::string_view description, bool required) {
  return {{"name", name},
          {"in", "header"},
          {"description", description},
          {"required", required},
          {"schema", {{"type", "string"}}}};
}

}  // namespace troupe::http
