#include "http/api/openapi/schemas.hpp"

#include <re2/re2.h>

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <cmath>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "http/api/openapi/examples.hpp"

namespace troupe::http {
namespace {

namespace json = boost::json;
using schema::Column;
using schema::Constraint;
using schema::Resource;
using schema::Type;
using schema::TypeKind;

bool is_numeric(TypeKind kind) {
  return kind == TypeKind::integer || kind == TypeKind::real || kind == TypeKind::numeric;
}

json::object integer_schema(const Type& type) {
  constexpr int short_bits = 16, long_bits = 64;
  json::object schema{{"type", "integer"}, {"format", type.bits == long_bits ? "int64" : "int32"}};
  if (type.bits == short_bits) {
    schema["minimum"] = -32768;
    schema["maximum"] = 32767;
  }
  return schema;
}

json::object numeric_schema(const Type& type) {
  json::object schema{{"type", "number"}};
  if (!type.precision) return schema;
  const auto limit = std::pow(10.0, *type.precision - type.scale);
  schema["exclusiveMinimum"] = -limit;
  schema["exclusiveMaximum"] = limit;
  return schema;
}

json::object text_schema(const Type& type) {
  json::object schema{{"type", "string"}};
  if (type.max_characters) schema["maxLength"] = *type.max_characters;
  return schema;
}

json::object string_of(std::string_view format) {
  return {{"type", "string"}, {"format", format}};
}

json::object type_schema(const Type& type);

void make_nullable(json::object& schema) {
  if (auto* type = schema.if_contains("type")) *type = json::array{*type, "null"};
  if (auto* labels = schema.if_contains("enum")) labels->as_array().push_back(nullptr);
}

json::object array_schema(const Type& type) {
  const auto& element = type.element.front();
  // Bytes in an array are PostgreSQL's hexadecimal text.
  auto items = element.kind == TypeKind::bytes ? json::object{{"type", "string"}, {"pattern", "^\\\\x"}}
                                               : type_schema(element);
  make_nullable(items);
  return {{"type", "array"}, {"items", std::move(items)}};
}

json::object type_schema(const Type& type) {
  switch (type.kind) {
    case TypeKind::boolean:
      return {{"type", "boolean"}};
    case TypeKind::integer:
      return integer_schema(type);
    case TypeKind::real: {
      constexpr int short_bits = 32;
      return {{"type", "number"}, {"format", type.bits == short_bits ? "float" : "double"}};
    }
    case TypeKind::numeric:
      return numeric_schema(type);
    case TypeKind::text:
      return text_schema(type);
    case TypeKind::uuid:
      return string_of("uuid");
    case TypeKind::date:
      return string_of("date");
    case TypeKind::timestamptz:
      return string_of("date-time");
    case TypeKind::json:
      return {};
    case TypeKind::bytes:
      return {{"type", "string"}, {"format", "byte"}, {"contentEncoding", "base64"}};
    case TypeKind::enumeration:
      return {{"type", "string"}, {"enum", json::array(type.labels.begin(), type.labels.end())}};
    case TypeKind::array:
      return array_schema(type);
    case TypeKind::time:
    case TypeKind::timestamp:
    case TypeKind::interval:
    case TypeKind::other:
      break;
  }
  return {{"type", "string"}};
}

/// Of a number that travels as a string.
json::object digits_schema(const Type& type) {
  if (type.kind == TypeKind::integer) return {{"type", "string"}, {"pattern", "^-?[0-9]+$"}};
  return string_of("decimal");
}

json::object value_schema(const Column& column) {
  return column.as_string && is_numeric(column.type.kind) ? digits_schema(column.type)
                                                          : type_schema(column.type);
}

/// Adds a sentence to the description.
void describe(json::object& schema, const std::string& sentence) {
  auto& description = schema["description"];
  if (!description.is_string()) description = "";
  auto& text = description.as_string();
  if (!text.empty()) text += ' ';
  text += sentence;
}

/// Is the pattern one in JSON Schema's language (ECMA-262), too?
bool is_common(const std::string& pattern) {
  constexpr std::string_view own[] = {"(?", "[[:", "\\A", "\\z", "\\Q", "\\C", "\\p", "\\P", "\\a", "\\x{"};
  return std::ranges::none_of(own, [&](auto part) { return pattern.find(part) != std::string::npos; });
}

void add_number_rules(const Column& column, json::object& schema) {
  const auto& rules = column.rules;
  if (column.as_string) {
    if (rules.min) describe(schema, "At least " + *rules.min + '.');
    if (rules.max) describe(schema, "At most " + *rules.max + '.');
    return;
  }
  if (rules.min) schema["minimum"] = json::parse(*rules.min);
  if (rules.max) schema["maximum"] = json::parse(*rules.max);
}

void add_rules(const Column& column, json::object& schema) {
  if (is_numeric(column.type.kind)) add_number_rules(column, schema);
  const auto& rules = column.rules;
  if (rules.min_length) schema["minLength"] = *rules.min_length;
  if (rules.max_length) {
    const auto* of_type = schema.if_contains("maxLength");
    schema["maxLength"] = of_type == nullptr ? *rules.max_length
                                             : std::min(*rules.max_length, of_type->to_number<std::size_t>());
  }
  if (!rules.pattern) return;
  if (is_common(rules.pattern->pattern())) {
    schema["pattern"] = rules.pattern->pattern();
  } else {
    describe(schema, "Matches the RE2 pattern " + rules.pattern->pattern() + " .");
  }
}

void add_words(const Resource& resource, const Column& column, json::object& schema) {
  if (!column.comment.empty()) describe(schema, column.comment);
  for (const auto& constraint : resource.constraints) {
    if (constraint.kind == Constraint::Kind::foreign &&
        std::ranges::find(constraint.columns, column.name) != constraint.columns.end())
      describe(schema, "References " + constraint.references + '.');
  }
  if (!schema.contains("description") && column.type.kind == TypeKind::other)
    describe(schema, column.type.declared + " in PostgreSQL's text form.");
  if (const auto example = example_of(column)) schema["examples"] = json::array{*example};
}

json::object shown_schema(const Resource& resource, std::size_t place) {
  const auto& column = resource.columns[place];
  auto schema = value_schema(column);
  if (column.nullable) make_nullable(schema);
  add_words(resource, column, schema);
  const auto& insertable = resource.insertable();
  const auto& updatable = resource.updatable();
  const bool writable = std::ranges::find(insertable, place) != insertable.end() ||
                        std::ranges::find(updatable, place) != updatable.end();
  if (!writable) schema["readOnly"] = true;
  return schema;
}

json::object given_schema(const Resource& resource, std::size_t place) {
  const auto& column = resource.columns[place];
  auto schema = value_schema(column);
  add_words(resource, column, schema);
  add_rules(column, schema);
  if (column.nullable) make_nullable(schema);
  return schema;
}

/// What the default's expression gives, where that can be told without the database.
std::optional<json::value> default_of(const Column& column) {
  if (!column.has_default && column.nullable) return json::value(nullptr);
  const auto& sql = column.default_sql;
  if (column.type.kind == TypeKind::text || column.type.kind == TypeKind::enumeration) {
    const auto end = sql.find('\'', 1);
    const bool literal = sql.starts_with('\'') && end != std::string::npos &&
                         (end + 1 == sql.size() || sql.compare(end + 1, 2, "::") == 0);
    return literal ? std::optional<json::value>(sql.substr(1, end - 1)) : std::nullopt;
  }
  boost::system::error_code error;
  auto value = json::parse(sql, error);
  const bool fits =
      !error && !column.as_string &&
      (column.type.kind == TypeKind::boolean ? value.is_bool()
                                             : is_numeric(column.type.kind) && value.is_number());
  return fits ? std::optional(std::move(value)) : std::nullopt;
}

json::object object_schema(json::object properties, json::array required) {
  json::object schema{{"type", "object"}, {"properties", std::move(properties)}};
  if (!required.empty()) schema["required"] = std::move(required);
  return schema;
}

json::object whole_row_schema(const Resource& resource, std::span<const std::size_t> places) {
  json::object properties;
  json::array required;
  for (const auto place : places) {
    const auto& column = resource.columns[place];
    auto schema = given_schema(resource, place);
    if (auto value = default_of(column)) schema["default"] = std::move(*value);
    properties[column.name] = std::move(schema);
    if (column.required()) required.emplace_back(column.name);
  }
  return object_schema(std::move(properties), std::move(required));
}

}  // namespace

json::object schema_ref(const std::string& name) {
  return {{"$ref", "#/components/schemas/" + name}};
}

json::object compared_value_schema(const Column& column) {
  return value_schema(column);
}

json::object shown_row_schema(const Resource& resource) {
  json::object properties;
  json::array required;
  for (std::size_t place = 0; place < resource.columns.size(); ++place) {
    const auto& name = resource.columns[place].name;
    properties[name] = shown_schema(resource, place);
    required.emplace_back(name);
  }
  auto schema = object_schema(std::move(properties), std::move(required));
  if (!resource.comment.empty()) schema["description"] = resource.comment;
  return schema;
}

json::object new_row_schema(const Resource& resource) {
  return whole_row_schema(resource, resource.insertable());
}

json::object replacement_schema(const Resource& resource) {
  return whole_row_schema(resource, resource.updatable());
}

bool replaced_as_created(const Resource& resource) {
  return resource.methods.create && resource.insertable() == resource.updatable();
}

json::object change_schema(const Resource& resource) {
  json::object properties;
  for (const auto place : resource.updatable())
    properties[resource.columns[place].name] = given_schema(resource, place);
  auto schema = object_schema(std::move(properties), {});
  schema["description"] = "The members to change; an absent one stays as it is.";
  return schema;
}

}  // namespace troupe::http
