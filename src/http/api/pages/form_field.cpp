#include "http/api/pages/form_field.hpp"

#include <optional>
#include <string_view>

#include "http/api/pages/html.hpp"
#include "http/api/pages/value_html.hpp"

namespace troupe::http {
namespace {

using schema::Column;
using schema::TypeKind;

/// What a field says before anybody touches it.
enum class State { value, null, preset, missing };

/// One field: `is_new` where the row is not there yet, and its default can be had.
struct Field {
  const Column& column;
  std::string id;
  State state;
  std::string value;
  bool is_new;

  bool offers_default() const { return is_new && column.has_default; }
};

/// How the script writes what was typed as JSON.
std::string_view form_of(TypeKind kind) {
  switch (kind) {
    case TypeKind::integer:
    case TypeKind::real:
    case TypeKind::numeric:
      return "number";
    case TypeKind::boolean:
      return "boolean";
    case TypeKind::json:
    case TypeKind::array:
      return "json";
    default:
      return "text";
  }
}

std::string_view example_text(TypeKind kind) {
  switch (kind) {
    case TypeKind::time:
      return "12:30:00";
    case TypeKind::timestamp:
      return "2026-11-26T12:30:00";
    case TypeKind::timestamptz:
      return "2026-11-26T12:30:00Z";
    case TypeKind::interval:
      return "1 day 02:30:00";
    case TypeKind::bytes:
      return "base64";
    case TypeKind::json:
      return "{} or any JSON";
    case TypeKind::array:
      return "[]";
    default:
      return {};
  }
}

/// Does the value want more than a line? A line's element would take line feeds out of a text.
bool is_long(const Field& field) {
  const auto& column = field.column;
  switch (column.type.kind) {
    case TypeKind::json:
    case TypeKind::array:
    case TypeKind::bytes:
      return true;
    case TypeKind::text:
    case TypeKind::other: {
      constexpr int line = 120;
      const auto most = column.type.max_characters ? std::optional<std::size_t>(*column.type.max_characters)
                                                   : column.rules.max_length;
      return field.value.find_first_of("\r\n") != std::string::npos ||
             (column.type.kind == TypeKind::text && (!most || *most > line));
    }
    default:
      return false;
  }
}

/// A calendar shows only what is such a date.
bool is_calendar_day(std::string_view text) {
  return text.empty() || (text.size() == 10 && text[4] == '-' && text[7] == '-');
}

std::string default_words(const Column& column) {
  if (column.default_sql.empty()) return "default";
  constexpr std::size_t most = 40;
  const auto front = front_of(column.default_sql, most);
  return "default: " + std::string(front) + (front.size() < column.default_sql.size() ? "…" : "");
}

void append_option(std::string_view state, std::string_view words, bool selected, std::string& out) {
  out.append("<option data-state=").append(state);
  if (selected) out += " selected";
  out += '>';
  append_html(words, out);
  out += "</option>";
}

void append_choice(const Field& field, std::string& out) {
  out += "<select id=" + field.id + ">";
  if (field.state == State::missing) append_option("missing", "choose", true, out);
  if (field.column.nullable) append_option("null", "null", field.state == State::null, out);
  if (field.offers_default())
    append_option("default", default_words(field.column), field.state == State::preset, out);
  const auto add = [&](std::string_view label) {
    append_option("value", label, field.state == State::value && field.value == label, out);
  };
  if (field.column.type.kind == TypeKind::boolean) {
    add("true");
    add("false");
  } else {
    for (const auto& label : field.column.type.labels) add(label);
  }
  out += "</select>";
}

void append_states(const Field& field, std::string& out) {
  const auto& column = field.column;
  if (!column.nullable && !field.offers_default()) return;
  out += "<select class=state aria-label=\"";
  append_html(column.name, out);
  out += ": what it is\">";
  append_option("value", "value", field.state == State::value || field.state == State::missing, out);
  if (column.nullable) append_option("null", "null", field.state == State::null, out);
  if (field.offers_default())
    append_option("default", default_words(column), field.state == State::preset, out);
  out += "</select>";
}

void append_entry(const Field& field, std::string& out) {
  const auto kind = field.column.type.kind;
  const bool is_area = is_long(field);
  out.append(is_area ? "<textarea rows=2 id=" : "<input id=").append(field.id);
  if (kind == TypeKind::integer) out += " inputmode=numeric";
  if (kind == TypeKind::real || kind == TypeKind::numeric) out += " inputmode=decimal";
  if (kind == TypeKind::date && is_calendar_day(field.value)) out += " type=date";
  if (const auto example = example_text(kind); !example.empty())
    out.append(" placeholder=\"").append(example).append("\"");
  if (is_area) {
    out += ">\n";  // HTML leaves out a line feed that stands first
    append_html(field.value, out);
    out += "</textarea>";
    return;
  }
  out += " value=\"";
  append_html(field.value, out);
  out += "\">";
}

void append_hint(const Column& column, std::string& out) {
  out += "<small>";
  append_html(column.type.declared.empty() ? column.type.name : column.type.declared, out);
  if (!column.comment.empty()) {
    out += " · ";
    append_html(column.comment, out);
  }
  out += "</small>";
}

void append(const Field& field, std::string& out) {
  const auto kind = field.column.type.kind;
  const bool choice = kind == TypeKind::boolean || kind == TypeKind::enumeration;
  out += "<div class=field data-name=\"";
  append_html(field.column.name, out);
  out.append("\" data-form=").append(form_of(kind)).append("><label for=").append(field.id).append(">");
  append_html(field.column.name, out);
  out += "</label>";
  append_hint(field.column, out);
  out += "<div class=entry>";
  if (!choice) append_states(field, out);
  choice ? append_choice(field, out) : append_entry(field, out);
  out += "</div><p class=fault hidden></p></div>\n";
}

}  // namespace

void append_new_field(const Column& column, std::size_t place, std::string& out) {
  const auto state = column.has_default ? State::preset : column.nullable ? State::null : State::missing;
  append({column, "f" + std::to_string(place), state, {}, true}, out);
}

void append_field(const Column& column, std::size_t place, schema::Cell cell, std::string& out) {
  append({column, "f" + std::to_string(place), cell ? State::value : State::null,
          cell ? value_text(column, *cell) : std::string(), false},
         out);
}

}  // namespace troupe::http
