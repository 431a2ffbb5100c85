#include "sim/import/openapi_login.hpp"

#include <spdlog/fmt/fmt.h>

#include <re2/re2.h>
#include <algorithm>
#include <array>
#include <boost/json/string.hpp>
#include <boost/url/parse.hpp>

#include "sim/import/schema_sample.hpp"
#include "support/fit_url.hpp"
#include "support/secret_text.hpp"

namespace troupe::sim {
namespace {

namespace json = boost::json;

constexpr std::array<std::string_view, 6> token_names{"access_token", "accessToken", "token",
                                                      "id_token",     "idToken",     "jwt"};
constexpr std::size_t most_members_of_login = 50;
constexpr std::array<std::string_view, 3> wrappers{"data", "result", "user"};

bool matches(std::string_view text, const re2::RE2& pattern) {
  return re2::RE2::PartialMatch({text.data(), text.size()}, pattern);
}

/// The object that a document gives as an example of a body; null: it gives none.
const json::object* example_in(const JsonDocument& document, const ApiBody& body) {
  if (const auto* example = as_object(body.example)) return example;
  return as_object(SchemaParts(document, body.schema).given());
}

/// A member of a login's body, by its schema or, where there is none, by an example.
struct LoginMember {
  std::string_view name;
  const json::value* schema = nullptr;
  const json::value* example = nullptr;
};

std::vector<LoginMember> login_members(const JsonDocument& document, const ApiBody& body) {
  std::vector<LoginMember> out;
  for (const auto& property : SchemaParts(document, body.schema).properties())
    out.push_back({property.name, property.schema});
  const auto* example = example_in(document, body);
  if (!out.empty() || example == nullptr) return out;
  for (const auto& one : *example) {
    if (out.size() < most_members_of_login) out.push_back({one.key(), nullptr, &one.value()});
  }
  return out;
}

/// The same in an example of the answer.
std::string token_in_example(const json::object* answer) {
  if (answer == nullptr) return {};
  for (const auto name : token_names) {
    if (answer->contains(name)) return pointer_part(name);
  }
  for (const auto wrapper : wrappers) {
    for (const auto name : token_names) {
      if (member(answer->if_contains(wrapper), name) != nullptr)
        return pointer_part(wrapper) + pointer_part(name);
    }
  }
  return {};
}

/// Where in the answer the token is; empty: nowhere.
std::string token_in(const JsonDocument& document, const ApiOperation& operation) {
  if (!operation.answer) return {};
  const SchemaParts answer(document, operation.answer->schema);
  if (answer.properties().empty()) return token_in_example(example_in(document, *operation.answer));
  for (const auto name : token_names) {
    if (answer.property(name) != nullptr) return pointer_part(name);
  }
  for (const auto wrapper : wrappers) {
    const SchemaParts inner(document, answer.property(wrapper));
    for (const auto name : token_names) {
      if (inner.property(name) != nullptr) return pointer_part(wrapper) + pointer_part(name);
    }
  }
  return {};
}

/// Below 0: it gives tokens, and is no login.
int likeness(const JsonDocument& document, const ApiOperation& operation) {
  static const re2::RE2 login("(?i)log-?_?in|sign-?_?in|token|auth|session");
  static const re2::RE2 other("(?i)refresh|register|sign-?_?up|log-?_?out|revoke|reset|verify");
  int points = 0;
  for (const auto text : {operation.path, operation.operation_id}) {
    if (matches(text, login)) points += 2;
    if (matches(text, other)) points -= 5;
  }
  if (!operation.body) return points;
  for (const auto& one : login_members(document, *operation.body)) {
    if (is_secret_name(one.name)) return points + 2;
  }
  return points;
}

/// The path of the token's URL, without the base path and slashes around it.
std::string bare_path(std::string_view url, std::string_view base_path) {
  const auto safe = as_url(url);
  const auto read = boost::urls::parse_uri_reference(safe);
  std::string path = read ? std::string(read->encoded_path()) : std::string{};
  if (!base_path.empty() && path.starts_with(base_path)) path.erase(0, base_path.size());
  path.erase(0, path.find_first_not_of("./"));
  while (path.ends_with('/')) path.pop_back();
  return path;
}

bool is_usable(const ApiOperation& operation) {
  return operation.method == "POST" && operation.path.find('{') == std::string_view::npos &&
         (!operation.body || !operation.body->type.empty());
}

/// What a login's property is filled with; nullopt: it is left out.
std::optional<std::string> login_value(const SchemaParts& body, const LoginMember& property,
                                       const JsonDocument& document, DraftNames& names) {
  static const re2::RE2 who("(?i)user|mail|login|name|account|phone");
  if (property.name == "grant_type") return "password";
  const bool is_needed = !body.knows_required() || body.is_required(property.name);
  if (!is_needed) return std::nullopt;
  if (is_secret_name(property.name)) return names.fill_in(property.name, "of the login");
  if (matches(property.name, who)) return names.fill_in(property.name, "who logs in");
  const auto sample = property.example != nullptr
                          ? SampleText{plain_text(*property.example)}
                          : SchemaSample(document).text(property.schema, property.name);
  return has_placeholder(sample.text) && !sample.made ? std::string("text") : sample.text;
}

}  // namespace

std::optional<ApiLogin> find_login(const JsonDocument& document, const std::vector<ApiOperation>& operations,
                                   std::string_view base_path) {
  if (const auto url = bare_path(api_token_url(document), base_path); !url.empty()) {
    for (const auto& operation : operations) {
      if (!is_usable(operation) || bare_path(operation.path, {}) != url) continue;
      const auto token = token_in(document, operation);
      return ApiLogin{&operation, token.empty() ? "/access_token" : token};  // RFC 6749 section 5.1
    }
  }
  std::optional<ApiLogin> best;
  int most = -1;
  for (const auto& operation : operations) {
    const bool is_open = !operation.who || operation.who->kind != ApiSecurity::Kind::bearer;
    if (!is_usable(operation) || !is_open) continue;
    const auto token = token_in(document, operation);
    if (token.empty()) continue;
    const auto points = likeness(document, operation);
    if (points <= most) continue;
    most = points;
    best = ApiLogin{&operation, token};
  }
  return best;
}

void add_login_body(const JsonDocument& document, const ApiOperation& login, DraftNames& names,
                    DraftTask& task) {
  if (!login.body) return;
  const SchemaParts body(document, login.body->schema);
  std::string members;
  for (const auto& property : login_members(document, *login.body)) {
    const auto value = login_value(body, property, document, names);
    if (!value) continue;
    if (login.body->is_form()) {
      add_value(task.form, property.name, *value);
    } else {
      const auto* example = property.example;
      const bool is_text = example == nullptr || example->is_string() || plain_text(*example) != *value;
      members += fmt::format("{}{}: {}", members.empty() ? "" : ", ",
                             json_literal(json_text(json::string(property.name))),
                             is_text ? json_text(json::string(*value)) : json_text(*example));
    }
  }
  if (!login.body->is_form()) task.body = fmt::format("{{{}}}", members);
}

}  // namespace troupe::sim
