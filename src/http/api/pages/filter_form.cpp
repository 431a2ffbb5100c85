#include "http/api/pages/filter_form.hpp"

#include <algorithm>
#include <set>
#include <span>

#include "http/api/lookups.hpp"
#include "http/api/pages/html.hpp"
#include "http/api/pages/resource_pages.hpp"

namespace troupe::http {
namespace {

using schema::Column;
using schema::TypeKind;

std::string_view value_of(const Parameters& parameters, std::string_view name) {
  const auto found = std::ranges::find(parameters, name, &QueryParameter::name);
  return found == parameters.end() ? std::string_view() : std::string_view(found->value);
}

bool is_reserved(std::string_view name) {
  return std::ranges::find(reserved_names, name) != reserved_names.end();
}

/// A way to filter by a column that the form offers; others that are in the query are kept as they are.
struct Way {
  std::string_view suffix, words;
};

std::span<const Way> ways_of(const Column& column) {
  static constexpr std::array<Way, 2> text = {{{"icontains", "contains"}, {"", "is"}}};
  static constexpr std::array<Way, 3> range = {{{"gte", "from"}, {"lte", "to"}, {"", "is"}}};
  static constexpr std::array<Way, 1> equal = {{{"", "is"}}};
  if (!is_comparable(column)) return {};
  switch (column.type.kind) {
    case TypeKind::text:
      return text;
    case TypeKind::boolean:
    case TypeKind::enumeration:
    case TypeKind::uuid:
    case TypeKind::bytes:
      return equal;
    default:
      return range;
  }
}

/// Writes the form's fields, and remembers which parameters they are.
class Fields {
 public:
  Fields(const schema::Resource& resource, const Parameters& parameters, std::string& out)
      : resource_(resource), parameters_(parameters), out_(out) {}

  void filters_of(const Column& column) {
    if (!may_filter(resource_, column)) return;
    const auto begin = out_.size();
    out_ += "<fieldset><legend>";
    append_html(column.name, out_);
    out_ += "</legend>";
    const auto empty = out_.size();
    for (const auto& way : ways_of(column)) filter(column, way);
    if (column.nullable) null_choice(column);
    if (out_.size() == empty) return out_.resize(begin);
    out_ += "</fieldset>\n";
  }

  /// Those of the query that no field has yet.
  void others() {
    for (const auto& [name, value] : parameters_) {
      if (is_reserved(name) || done_.contains(name)) continue;
      out_ += "<fieldset><legend>";
      append_html(name, out_);
      out_ += "</legend>";
      text_input(name, "", value);
      out_ += "</fieldset>\n";
    }
  }

  void text_input(std::string_view name, std::string_view words, std::string_view value,
                  std::string_view more = {}) {
    begin_label(words);
    out_ += "<input name=\"";
    append_html(name, out_);
    out_ += "\" value=\"";
    append_html(value, out_);
    out_.append("\"").append(more).append("></label> ");
  }

 private:
  void filter(const Column& column, const Way& way) {
    const auto name =
        way.suffix.empty() ? exact_parameter(column) : column.name + "__" + std::string(way.suffix);
    const auto other = resource_.find(name);
    if (other && &resource_.columns[*other] != &column) return;  // it would be that one's
    done_.insert(name);
    const auto value = value_of(parameters_, name);
    if (column.type.kind == TypeKind::boolean) {
      static const std::vector<std::string> both = {"true", "false"};
      choice(name, way.words, both, value);
    } else if (column.type.kind == TypeKind::enumeration) {
      choice(name, way.words, column.type.labels, value);
    } else {
      text_input(name, way.words, value);
    }
  }

  void null_choice(const Column& column) {
    const auto name = column.name + "__isnull";
    if (resource_.find(name)) return;
    done_.insert(name);
    begin_select(name, "null");
    const auto value = value_of(parameters_, name);
    option("", "any", value);
    option("true", "is null", value);
    option("false", "is not", value);
    out_ += "</select></label> ";
  }

  void choice(const std::string& name, std::string_view words, const std::vector<std::string>& values,
              std::string_view chosen) {
    begin_select(name, words);
    option("", "any", chosen);
    for (const auto& value : values) option(value, value, chosen);
    out_ += "</select></label> ";
  }

  void begin_label(std::string_view words) { out_.append("<label><span>").append(words).append("</span>"); }

  void begin_select(std::string_view name, std::string_view words) {
    begin_label(words);
    out_ += "<select name=\"";
    append_html(name, out_);
    out_ += "\">";
  }

  void option(std::string_view value, std::string_view words, std::string_view chosen) {
    out_ += "<option value=\"";
    append_html(value, out_);
    out_ += value == chosen ? "\" selected>" : "\">";
    append_html(words, out_);
  }

  const schema::Resource& resource_;
  const Parameters& parameters_;
  std::string& out_;
  std::set<std::string, std::less<>> done_;
};

/// What is shown, rather than of which rows.
void append_view_fields(const schema::Resource& resource, const Parameters& parameters, std::string& out) {
  Fields fields(resource, parameters, out);
  out += "<fieldset class=view><legend>show</legend>";
  fields.text_input("fields", "columns", value_of(parameters, "fields"), " placeholder=\"all, or a,b,c\"");
  fields.text_input("order", "order", value_of(parameters, "order"), " placeholder=\"a,-b\"");
  fields.text_input("limit", "rows", value_of(parameters, "limit"), " inputmode=numeric size=6");
  out += "<label><input type=checkbox name=count value=true";
  if (value_of(parameters, "count") == "true") out += " checked";
  out += "> count all</label></fieldset>\n";
}

}  // namespace

void append_filters(const schema::Resource& resource, const Parameters& parameters, std::string& out) {
  Fields fields(resource, parameters, out);
  for (const auto& column : resource.columns) fields.filters_of(column);
  fields.others();
}

void append_filter_form(const ResourcePages& pages, const Parameters& parameters, std::string& out) {
  const bool filtered =
      std::ranges::any_of(parameters, [](const auto& parameter) { return !is_reserved(parameter.name); });
  out += filtered ? "<details class=tool open>" : "<details class=tool>";
  out += "<summary>Filter and show</summary>\n<form class=filters method=get>\n<input type=hidden name=\"";
  append_html(pages.form_mark, out);
  out += "\" value=1>";
  if (filtered)
    append_filters(pages.resource(), parameters, out);
  else
    out += pages.filters;
  append_view_fields(pages.resource(), parameters, out);
  out += "<p class=send><button>Apply</button> <a href=\"";
  append_html(pages.resource().path, out);
  out += "\">Clear</a></p></form></details>\n";
}

std::optional<std::string> query_of_form(const ResourcePages& pages, std::string_view raw_query) {
  if (raw_query.find(pages.form_mark) == std::string_view::npos) return std::nullopt;
  const auto parameters = parse_query_string(raw_query);
  if (!parameters ||
      std::ranges::find(*parameters, pages.form_mark, &QueryParameter::name) == parameters->end())
    return std::nullopt;
  std::string query;
  for (const auto& [name, value] : *parameters) {
    if (name != pages.form_mark && !value.empty()) append_parameter(name, value, query);
  }
  return query;
}

}  // namespace troupe::http
