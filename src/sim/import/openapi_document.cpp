#include "sim/import/openapi_document.hpp"

#include <algorithm>
#include <array>
#include <boost/url/parse.hpp>
#include <cstddef>
#include <utility>

#include "support/fit_url.hpp"
#include "support/iequals.hpp"

namespace troupe::sim {
namespace {

namespace json = boost::json;

constexpr std::size_t most_parameters = 100;  // of an operation
constexpr std::size_t longest_path = 2'000;
constexpr std::size_t longest_base_path = 500;
constexpr std::string_view form_type = "application/x-www-form-urlencoded";
constexpr std::array methods{
    std::pair<std::string_view, std::string_view>{"get", "GET"},
    std::pair<std::string_view, std::string_view>{"post", "POST"},
    std::pair<std::string_view, std::string_view>{"put", "PUT"},
    std::pair<std::string_view, std::string_view>{"patch", "PATCH"},
    std::pair<std::string_view, std::string_view>{"delete", "DELETE"},
};

bool is_json_type(std::string_view type) {
  type = type.substr(0, type.find(';'));
  return type == "application/json" || type.ends_with("+json") || type == "*/*";
}

/// `example`, or the first of `examples`, which are a map here.
const json::value* example_of(const JsonDocument& document, const json::value* owner) {
  if (const auto* example = member(owner, "example")) return example;
  const auto* examples = as_object(member(owner, "examples"));
  if (examples == nullptr || examples->empty()) return nullptr;
  return member(document.resolve(&examples->begin()->value()), "value");
}

ApiBody body_of(const JsonDocument& document, const json::object& content) {
  const json::key_value_pair* chosen = nullptr;
  for (const auto& one : content) {
    if (is_json_type(one.key())) chosen = &one;
    if (chosen != nullptr) break;
  }
  for (const auto& one : content) {
    if (chosen == nullptr && one.key() == form_type) chosen = &one;
  }
  if (chosen == nullptr) return {};
  const auto* media = document.resolve(&chosen->value());
  return {chosen->key(), member(media, "schema"), example_of(document, media)};
}

void read_operation_parameters(const JsonDocument& document, const json::value* list,
                               std::vector<ApiParameter>& parameters) {
  const auto* entries = as_array(list);
  if (entries == nullptr) return;
  for (const auto& entry : *entries) {
    const auto* said = document.resolve(&entry);
    ApiParameter one{as_text(member(said, "name")), as_text(member(said, "in"))};
    if (one.name.empty() || parameters.size() == most_parameters) continue;
    one.required = is_true(member(said, "required"));
    one.schema = member(said, "schema");
    one.example = example_of(document, said);
    std::erase_if(parameters, [&](const ApiParameter& other) {  // an operation's own wins over its path's
      return other.name == one.name && other.place == one.place;
    });
    parameters.push_back(one);
  }
}

ApiSecurity scheme_of(const JsonDocument& document, std::string_view name) {
  using Kind = ApiSecurity::Kind;
  const auto* schemes = member(member(&document.root(), "components"), "securitySchemes");
  const auto* scheme = document.resolve(member(schemes, name));
  const auto type = as_text(member(scheme, "type"));
  const auto kind = as_text(member(scheme, "scheme"));
  if (type == "oauth2" || type == "openIdConnect") return {Kind::bearer, {}};
  if (type == "http") {
    if (iequals(kind, "bearer")) return {Kind::bearer, {}};
    if (iequals(kind, "basic")) return {Kind::basic, {}};
  }
  const auto place = as_text(member(scheme, "in")), field = as_text(member(scheme, "name"));
  if (type != "apiKey" || field.empty()) return {Kind::unknown, {}};
  if (place == "header") return {Kind::header, field};
  if (place == "query") return {Kind::query, field};
  return {place == "cookie" ? Kind::cookie : Kind::unknown, field};
}

/// Of several ways that a document offers the first; {} among them: nobody needs to say who asks.
std::optional<ApiSecurity> security_of(const JsonDocument& document, const json::value* own) {
  const auto* ways = as_array(own != nullptr ? own : member(&document.root(), "security"));
  if (ways == nullptr) return std::nullopt;
  std::optional<ApiSecurity> first;
  for (const auto& way : *ways) {
    const auto* schemes = way.if_object();
    if (schemes == nullptr || schemes->empty()) return ApiSecurity{};
    if (!first) first = scheme_of(document, schemes->begin()->key());
  }
  return first.value_or(ApiSecurity{});
}

std::optional<ApiBody> answer_of(const JsonDocument& document, const json::value* responses) {
  const auto* answers = as_object(responses);
  if (answers == nullptr) return std::nullopt;
  for (const auto& answer : *answers) {
    if (!answer.key().starts_with('2')) continue;
    const auto* content = as_object(member(document.resolve(&answer.value()), "content"));
    return content == nullptr ? ApiBody{} : body_of(document, *content);
  }
  return std::nullopt;
}

ApiOperation read_operation(const JsonDocument& document, const json::value* item,
                            const json::value* operation) {
  ApiOperation out;
  out.summary = as_text(member(operation, "summary"));
  out.operation_id = as_text(member(operation, "operationId"));
  out.deprecated = is_true(member(operation, "deprecated"));
  read_operation_parameters(document, member(item, "parameters"), out.parameters);
  read_operation_parameters(document, member(operation, "parameters"), out.parameters);
  if (const auto* body = document.resolve(member(operation, "requestBody"))) {
    const auto* content = as_object(member(body, "content"));
    out.body = content == nullptr ? ApiBody{} : body_of(document, *content);
  }
  out.answer = answer_of(document, member(operation, "responses"));
  out.who = security_of(document, member(operation, "security"));
  return out;
}

}  // namespace

bool ApiBody::is_form() const {
  return type == form_type;
}

std::vector<PathPart> path_parts(std::string_view path) {
  std::vector<PathPart> parts;
  while (!path.empty()) {
    const auto open = path.find('{');
    const auto close = open == std::string_view::npos ? open : path.find('}', open);
    if (close == std::string_view::npos || close == open + 1) {
      parts.push_back({path});
      break;
    }
    if (open > 0) parts.push_back({path.substr(0, open)});
    parts.push_back({path.substr(open + 1, close - open - 1), true});
    path.remove_prefix(close + 1);
  }
  return parts;
}

std::vector<ApiOperation> api_operations(const JsonDocument& document) {
  std::vector<ApiOperation> operations;
  const auto* paths = as_object(member(&document.root(), "paths"));
  if (paths == nullptr) return operations;
  for (const auto& path : *paths) {
    if (!path.key().starts_with('/') || path.key().size() > longest_path) continue;  // x-…, or nonsense
    const auto* item = document.resolve(&path.value());
    for (const auto& [key, method] : methods) {
      const auto* operation = member(item, key);
      if (as_object(operation) == nullptr) continue;
      operations.push_back(read_operation(document, item, operation));
      operations.back().method = method;
      operations.back().path = path.key();
    }
  }
  return operations;
}

std::string api_base_path(const JsonDocument& document) {
  const auto* servers = as_array(member(&document.root(), "servers"));
  if (servers == nullptr || servers->empty()) return {};
  std::string url;
  for (const auto& part : path_parts(as_text(member(&servers->front(), "url")))) {
    const auto* variable = member(member(&servers->front(), "variables"), part.text);
    url += part.is_parameter ? as_text(member(variable, "default")) : part.text;
  }
  const auto safe = as_url(url);
  const auto read = boost::urls::parse_uri_reference(safe);
  if (!read) return {};
  auto path = as_path(std::string(read->encoded_path()));
  while (path.ends_with('/')) path.pop_back();
  if (path.size() > longest_base_path || path.empty()) return {};
  return path.starts_with('/') ? path : '/' + path;
}

std::string_view api_token_url(const JsonDocument& document) {
  const auto* schemes = as_object(member(member(&document.root(), "components"), "securitySchemes"));
  if (schemes == nullptr) return {};
  for (const auto& scheme : *schemes) {
    const auto* flows = member(document.resolve(&scheme.value()), "flows");
    const auto url = as_text(member(member(flows, "password"), "tokenUrl"));
    if (!url.empty()) return url;
  }
  return {};
}

}  // namespace troupe::sim
