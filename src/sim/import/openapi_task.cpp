#include "sim/import/openapi_task.hpp"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <array>
#include <utility>

#include "sim/import/openapi_login.hpp"
#include "support/fit_url.hpp"
#include "support/iequals.hpp"
#include "support/secret_text.hpp"
#include "support/url_text.hpp"

namespace troupe::sim {
namespace {

using Kind = ApiSecurity::Kind;

constexpr std::size_t longest_value = 4 * 1024;
constexpr std::size_t most_told = 10;  // names in one comment
// What the client or the credentials say, whatever a document has (OpenAPI 3.1 section 4.8.12.1).
constexpr std::array<std::string_view, 4> ignored_fields{"accept", "content-type", "authorization", "host"};

bool is_ignored(std::string_view name) {
  return std::ranges::any_of(ignored_fields, [&](std::string_view other) { return iequals(name, other); });
}

/// The field of the head that says who asks; empty: it is said elsewhere.
std::string_view field_name(const ApiSecurity& who) {
  if (who.kind == Kind::bearer || who.kind == Kind::basic) return "Authorization";
  if (who.kind == Kind::cookie) return "Cookie";
  return who.kind == Kind::header ? who.name : std::string_view{};
}

}  // namespace

ApiTasks::ApiTasks(const JsonDocument& document, ScenarioDraft& draft, DraftNames& names,
                   std::string base_path)
    : document_(document),
      draft_(draft),
      names_(names),
      sample_(document),
      base_path_(std::move(base_path)) {}

void ApiTasks::choose_security(const std::vector<ApiOperation>& operations, const std::string& token) {
  token_ = token;
  const bool says_nothing =
      std::ranges::none_of(operations, [](const ApiOperation& one) { return one.who.has_value(); });
  if (says_nothing && !token_.empty()) otherwise_ = {Kind::bearer, {}};
  std::vector<std::pair<ApiSecurity, std::size_t>> counts;
  for (const auto& operation : operations) {
    const auto who = security_of(operation);
    if (field_name(who).empty()) continue;
    const auto known = std::ranges::find(counts, who, [](const auto& one) { return one.first; });
    if (known == counts.end()) {
      counts.emplace_back(who, 1);
    } else {
      ++known->second;
    }
  }
  const auto most = std::ranges::max_element(counts, {}, [](const auto& one) { return one.second; });
  if (most == counts.end()) return;
  const auto& who = most->first;
  if (who.kind == Kind::bearer || who.kind == Kind::basic) {
    draft_.auth = auth_of(who);
  } else {
    add_field(draft_.headers, field_name(who), field_of(who));
    if (draft_.headers.empty()) return;  // it is no field that can be sent
  }
  for_all_ = who;
}

DraftTask ApiTasks::make(const ApiOperation& operation, const IdOf& id_of) {
  DraftTask task;
  task.name = fmt::format("{} {}", operation.method, operation.path);
  task.method = operation.method;
  if (!operation.summary.empty()) task.notes.emplace_back(operation.summary);
  task.path = path_of(operation, id_of, task);
  add_security(security_of(operation), task);
  add_parameters(operation, task);
  add_body(operation, task);
  return task;
}

DraftTask ApiTasks::make_login(const ApiOperation& operation) {
  DraftTask task;
  task.name = "login";
  task.method = operation.method;
  task.path = path_of(operation, {}, task);
  add_security({}, task);
  add_login_body(document_, operation, names_, task);
  return task;
}

ApiSecurity ApiTasks::security_of(const ApiOperation& operation) const {
  return operation.who.value_or(otherwise_);
}

std::string ApiTasks::path_of(const ApiOperation& operation, const IdOf& id_of, DraftTask& task) {
  auto out = base_path_;
  const auto parts = path_parts(operation.path);
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (!parts[i].is_parameter) {
      out += as_path(parts[i].text);
      continue;
    }
    if (const auto id = id_of ? id_of(parts, i) : std::nullopt) {
      out += *id;
      continue;
    }
    const auto said = std::ranges::find_if(operation.parameters, [&](const ApiParameter& parameter) {
      return parameter.place == "path" && parameter.name == parts[i].text;
    });
    const bool is_there = said != operation.parameters.end();
    const bool is_given = is_there && said->example != nullptr;
    const auto sample = is_given   ? SampleText{plain_text(*said->example)}
                        : is_there ? sample_.text(said->schema, said->name)
                                   : SampleText{"1"};
    const auto text = sample.made ? sample.text : encode_segment(sample.text);
    out += text.empty() ? "1" : text;
    task.notes.push_back(
        fmt::format("{} is made up: where there may be none, add status = [200, 404]", parts[i].text));
  }
  return out;
}

std::string ApiTasks::value_of(const ApiParameter& parameter, DraftTask& task) {
  const auto literal = [&](const std::string& text) {
    return text.size() > longest_value ? std::string("text") : names_.literal(text, task);
  };
  if (parameter.example != nullptr) return literal(plain_text(*parameter.example));
  if (is_secret_name(parameter.name)) {
    return names_.fill_in(parameter.name,
                          fmt::format("{} of {}", cut_name(parameter.name), cut_name(task.name)));
  }
  const auto sample = sample_.text(parameter.schema, parameter.name);
  return sample.made ? sample.text : literal(sample.text);
}

void ApiTasks::add_parameters(const ApiOperation& operation, DraftTask& task) {
  std::vector<std::string> optional;
  for (const auto& parameter : operation.parameters) {
    if (parameter.place == "query" && !parameter.required) {
      if (optional.size() < most_told) optional.push_back(cut_name(parameter.name));
    } else if (parameter.place == "query") {
      const bool is_there =
          std::ranges::find(task.query, parameter.name, &DraftPair::name) != task.query.end();
      if (!is_there) add_value(task.query, parameter.name, value_of(parameter, task));
    } else if (parameter.place == "header" && parameter.required && !is_ignored(parameter.name)) {
      if (!iequals(parameter.name, field_name(for_all_)))
        add_field(task.headers, parameter.name, value_of(parameter, task));
    } else if (parameter.place == "cookie" && parameter.required) {
      task.notes.push_back(
          fmt::format("it wants a cookie {}: users keep those that answers set", cut_name(parameter.name)));
    }
  }
  if (!optional.empty()) task.notes.push_back(fmt::format("query may have {}", fmt::join(optional, ", ")));
}

void ApiTasks::add_body(const ApiOperation& operation, DraftTask& task) {
  if (!operation.body) return;
  const auto& body = *operation.body;
  if (body.type.empty()) {
    task.off = true;
    task.notes.emplace_back("off: its body is neither JSON nor a form; give it one");
  } else if (body.is_form()) {
    for (const auto& property : SchemaParts(document_, body.schema).properties())
      add_value(task.form, property.name, value_of({property.name, "form", true, property.schema}, task));
  } else {
    task.body = body.example != nullptr ? json_literal(json_text(*body.example)) : sample_.json(body.schema);
    if (body.type != "application/json" && body.type != "*/*")
      add_field(task.headers, "Content-Type", names_.literal(body.type, task));
  }
  if (task.body.size() > longest_body) {
    task.body.clear();
    task.off = true;
    task.notes.push_back(fmt::format("off: its body would be larger than {} KiB", longest_body / 1024));
  }
}

void ApiTasks::add_security(const ApiSecurity& who, DraftTask& task) {
  if (who == for_all_) return;
  const auto usual = field_name(for_all_);
  if (!usual.empty() && !iequals(usual, field_name(who))) {
    if (draft_.auth) {
      task.auth = DraftAuth{};
    } else {
      task.headers.push_back({std::string(usual), {""}});  // which leaves out what all have
    }
  }
  if (who.kind == Kind::bearer || who.kind == Kind::basic) task.auth = auth_of(who);
  if (who.kind == Kind::header || who.kind == Kind::cookie)
    add_field(task.headers, field_name(who), field_of(who));
  if (who.kind == Kind::query)
    add_value(task.query, who.name, names_.fill_in(who.name, "the key that queries have"));
  if (who.kind == Kind::unknown) task.notes.emplace_back("how it knows who asks is not known here");
}

DraftAuth ApiTasks::auth_of(const ApiSecurity& who) {
  if (who.kind == Kind::basic) {
    return {.bearer = {},
            .user = names_.fill_in("username", "for Authorization: Basic"),
            .password = names_.fill_in("password", "for Authorization: Basic")};
  }
  if (!token_.empty()) return {.bearer = fmt::format("{{{}}}", token_), .user = {}, .password = {}};
  return {.bearer = names_.fill_in("token", bearer_hint), .user = {}, .password = {}};
}

std::string ApiTasks::field_of(const ApiSecurity& who) {
  const auto value =
      names_.fill_in(who.name, fmt::format("the key in {} {}", field_name(who), cut_name(who.name)));
  return who.kind == Kind::cookie ? fmt::format("{}={}", encode_segment(who.name), value) : value;
}

}  // namespace troupe::sim
