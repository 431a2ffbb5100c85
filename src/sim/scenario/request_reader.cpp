#include "sim/scenario/request_reader.hpp"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <array>
#include <boost/algorithm/string/find.hpp>
#include <cmath>
#include <sstream>
#include <string_view>

#include "support/characters.hpp"
#include "support/iequals.hpp"

namespace troupe::sim {
namespace {

using Escape = TextTemplate::Escape;
using Literals = TextTemplate::Literals;

constexpr std::size_t most_fields = 100;
constexpr std::string_view form_type = "application/x-www-form-urlencoded";
// What the client decides itself: framing, and the life of the connection.
constexpr std::array<std::string_view, 5> own_fields{"content-length", "transfer-encoding", "connection",
                                                     "expect", "upgrade"};

bool same_name(std::string_view one, std::string_view other) {
  return iequals(one, other);
}

const FieldText* find_field(const std::vector<FieldText>& fields, std::string_view name) {
  const auto found =
      std::ranges::find_if(fields, [&](const FieldText& field) { return same_name(field.name, name); });
  return found == fields.end() ? nullptr : &*found;
}

void check(const Result<void>& done, const TomlReader& reader, std::string_view key) {
  if (!done) reader.fail(key, done.error().message);
}

/// A number, a truth value or a time as texts have it; fails for anything else.
std::string literal_text(const toml::node& node, const TomlReader& reader, std::string_view key) {
  if (const auto number = node.value_exact<std::int64_t>()) return std::to_string(*number);
  if (const auto truth = node.value_exact<bool>()) return *truth ? "true" : "false";
  if (const auto real = node.value_exact<double>()) {
    if (!std::isfinite(*real)) reader.fail(key, "must be a finite number");
    return fmt::format("{}", *real);
  }
  std::ostringstream out;
  if (const auto date = node.value_exact<toml::date>()) out << *date;
  if (const auto time = node.value_exact<toml::time>()) out << *time;
  if (const auto moment = node.value_exact<toml::date_time>()) out << *moment;
  if (out.str().empty()) reader.fail(key, "must be a text, a number, true or false");
  return out.str();
}

FieldText read_auth(const TomlReader& reader, const toml::table& auth) {
  const auto key = reader.name_of("auth");
  for (const auto& [name, value] : auth) {
    if (name.str() != "bearer" && name.str() != "basic")
      reader.fail(value, key, "must be {}, { bearer = \"TOKEN\" } or { basic = { user = …, password = … } }");
  }
  if (auth.empty()) return {"Authorization", "", false};
  if (auth.size() > 1) reader.fail("auth", "is either bearer or basic");
  if (const auto* bearer = auth.get("bearer")) {
    const auto token = bearer->value_exact<std::string>().value_or("");
    if (token.empty()) reader.fail("auth", "bearer must be a text in quotes");
    return {"Authorization", "Bearer " + token, false};
  }
  const auto* basic = auth.get("basic")->as_table();
  const auto text = [&](std::string_view name) {
    const auto value = basic == nullptr ? std::nullopt : (*basic)[name].value_exact<std::string>();
    if (!value || basic->size() != 2) reader.fail("auth", "basic must be { user = \"…\", password = \"…\" }");
    return *value;
  };
  const auto user = text("user");
  if (user.find(':') != std::string::npos) reader.fail("auth", "the user of basic must not hold a colon");
  return {"Authorization", user + ':' + text("password"), true};
}

/// The names and values of `query` or `form`, percent-encoded.
void append_pairs(const RequestTexts& texts, std::string_view key, TextTemplate& out,
                  std::string_view first) {
  const auto* table = texts.reader.table(key);
  std::string_view separator = first;
  const auto append_pair = [&](std::string_view name, const toml::node& value) {
    out.append_literal(separator);
    separator = "&";
    out.append_escaped(name);
    out.append_literal("=");
    const auto* text = value.as_string();
    check(out.append(text != nullptr ? text->get() : literal_text(value, texts.reader, key),
                     text != nullptr ? texts.names : TemplateNames{}, Literals::escaped),
          texts.reader, key);
  };
  for (const auto& [name, value] : *table) {
    if (const auto* several = value.as_array()) {
      for (const auto& one : *several) append_pair(name.str(), one);
    } else {
      append_pair(name.str(), value);
    }
  }
}

class JsonText {
 public:
  JsonText(const RequestTexts& texts, TextTemplate& out) : texts_(texts), out_(out) {}

  void append(const toml::node& node) {
    if (const auto* table = node.as_table()) {
      append_object(*table);
    } else if (const auto* array = node.as_array()) {
      append_array(*array);
    } else if (const auto* text = node.as_string()) {
      append_text(text->get(), texts_.names);
    } else if (node.is_number() || node.is_boolean()) {
      out_.append_literal(literal_text(node, texts_.reader, "json"));
    } else {
      append_text(literal_text(node, texts_.reader, "json"), {});
    }
  }

 private:
  void append_object(const toml::table& table) {
    std::string_view separator = "{";
    for (const auto& [name, value] : table) {
      out_.append_literal(separator);
      separator = ",";
      append_key(name.str());
      out_.append_literal(":");
      append(value);
    }
    out_.append_literal(table.empty() ? "{}" : "}");
  }

  void append_array(const toml::array& array) {
    std::string_view separator = "[";
    for (const auto& value : array) {
      out_.append_literal(separator);
      separator = ",";
      append(value);
    }
    out_.append_literal(array.empty() ? "[]" : "]");
  }

  void append_text(std::string_view text, const TemplateNames& names) {
    out_.append_literal("\"");
    check(out_.append(text, names, Literals::escaped), texts_.reader, "json");
    out_.append_literal("\"");
  }

  /// Keys have no placeholders: a brace in one stands for itself.
  void append_key(std::string_view text) {
    out_.append_literal("\"");
    out_.append_escaped(text);
    out_.append_literal("\"");
  }

  const RequestTexts& texts_;
  TextTemplate& out_;
};

/// How the placeholders of a body that is a text are made safe: by what it says it is.
Escape escape_of_body(const FieldText* type) {
  if (type == nullptr || type->value.empty()) return Escape::json;
  // Types have no case (RFC 9110 section 8.3.1).
  const auto says = [&](std::string_view what) { return !boost::ifind_first(type->value, what).empty(); };
  if (says(form_type)) return Escape::url;
  return says("json") ? Escape::json : Escape::text;
}

}  // namespace

std::string fault_of_field(const FieldText& field) {
  if (!is_token(field.name)) return fmt::format("'{}' is no name of a field", field.name);
  if (std::ranges::any_of(own_fields, [&](std::string_view name) { return same_name(name, field.name); }))
    return fmt::format("{} is for the client to say", field.name);
  if (!all_in(field.value, field_char))
    return fmt::format("{} must not contain line breaks or other control characters", field.name);
  return {};
}

std::vector<FieldText> read_fields(const TomlReader& reader) {
  std::vector<FieldText> fields;
  if (const auto* headers = reader.table("headers")) {
    if (headers->size() > most_fields) reader.fail("headers", fmt::format("are more than {}", most_fields));
    for (const auto& [name, value] : *headers) {
      FieldText field{std::string(name.str()), {}, false};
      const auto key = fmt::format("headers.{}", name.str());
      const auto* text = value.as_string();
      field.value = text != nullptr ? text->get() : literal_text(value, reader, "headers");
      if (const auto fault = fault_of_field(field); !fault.empty())
        reader.fail(value, reader.name_of("headers"), fault);
      if (find_field(fields, field.name) != nullptr)
        reader.fail(value, reader.name_of(key), "is there twice, in another case");
      fields.push_back(std::move(field));
    }
  }
  if (const auto* auth = reader.table("auth")) {
    auto field = read_auth(reader, *auth);
    if (find_field(fields, field.name) != nullptr)
      reader.fail("auth", "and headers.Authorization are two for one field: leave out one");
    if (const auto fault = fault_of_field(field); !fault.empty()) reader.fail("auth", fault);
    fields.push_back(std::move(field));
  }
  return fields;
}

std::vector<FieldText> merge_fields(std::vector<FieldText> for_all, const std::vector<FieldText>& own) {
  std::erase_if(for_all, [&](const FieldText& field) { return find_field(own, field.name) != nullptr; });
  for_all.insert(for_all.end(), own.begin(), own.end());
  return for_all;
}

void add_head(const RequestTexts& texts, Task& task) {
  auto& head = task.head;
  for (const auto& field : texts.fields) {
    if (field.value.empty()) continue;
    if (field.basic) {
      check(head.basic.append(field.value, texts.names, Literals::kept), texts.reader, "auth");
      continue;
    }
    head.host = head.host || same_name(field.name, "host");
    head.content_type = head.content_type || same_name(field.name, "content-type");
    head.fields.append_literal(fmt::format("\r\n{}: ", field.name));
    if (field.literal) {
      head.fields.append_literal(field.value);
      continue;
    }
    check(head.fields.append(field.value, texts.names, Literals::kept), texts.reader,
          fmt::format("headers.{}", field.name));
  }
}

void add_query(const RequestTexts& texts, Task& task) {
  if (texts.reader.table("query")->empty()) return;
  const bool begun = texts.reader.text("path").find('?') != std::string::npos;
  append_pairs(texts, "query", task.path, begun ? "&" : "?");
}

void add_body(const RequestTexts& texts, Task& task) {
  const auto& reader = texts.reader;
  if (int(reader.has("body")) + int(reader.has("json")) + int(reader.has("form")) > 1)
    reader.fail(reader.has("json") ? "json" : "form", "a task has one of body, json and form");
  const auto* type = find_field(texts.fields, "Content-Type");
  if (reader.has("form")) {
    task.body = TextTemplate(Escape::url);
    append_pairs(texts, "form", task.body, "");
    if (type == nullptr) task.head.fields.append_literal(fmt::format("\r\nContent-Type: {}", form_type));
    if (type == nullptr) task.head.content_type = true;
  } else if (reader.has("json")) {
    const auto& json = reader.node("json");
    if (!json.is_table() && !json.is_array()) reader.fail("json", "must be a table or an array");
    task.body = TextTemplate(Escape::json);
    JsonText(texts, task.body).append(json);
  } else if (reader.has("body")) {
    const auto body = reader.text("body");
    if (body.empty() && task.operation != Operation::request) reader.fail("body", "must not be empty");
    task.body = TextTemplate(escape_of_body(type));
    check(task.body.append(body, texts.names, Literals::kept), reader, "body");
  }
}

}  // namespace troupe::sim
