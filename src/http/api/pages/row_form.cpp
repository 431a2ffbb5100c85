#include "http/api/pages/row_form.hpp"

#include <algorithm>

#include "http/api/pages/form_field.hpp"
#include "http/api/pages/html.hpp"

namespace troupe::http {
namespace {

using schema::Resource;

void append_data(std::string_view name, std::string_view value, std::string& out) {
  out.append(" data-").append(name).append("=\"");
  append_html(value, out);
  out += '"';
}

/// The part of a form's tag that tells the script what to do with it.
void begin_form(std::string_view method, std::string_view path, std::string_view tag, std::string_view after,
                std::string& out) {
  out += "<form class=write novalidate autocomplete=off hidden";
  append_data("method", method, out);
  append_data("path", path, out);
  if (!tag.empty()) append_data("tag", tag, out);
  if (!after.empty()) append_data("after", after, out);
  out += ">\n<p class=fault role=alert hidden></p>\n";
}

void begin_section(std::string_view summary, std::string_view classes, std::string& out) {
  out.append("<details class=\"").append(classes).append("\"><summary>");
  append_html(summary, out);
  out += "</summary>\n<noscript><p>Writing needs JavaScript, which is switched off.</p></noscript>\n";
}

}  // namespace

void append_create_form(const Resource& resource, std::string& out) {
  if (!resource.methods.create) return;
  begin_section("New " + resource.singular, "tool", out);
  begin_form("POST", resource.path, {}, resource.key.empty() ? resource.path : "", out);
  for (const auto place : resource.insertable()) append_new_field(resource.columns[place], place, out);
  out += "<p class=send><button>Create</button></p></form></details>\n";
}

void append_row_forms(const Resource& resource, const FormRow& row, std::string& out) {
  const bool put = !resource.methods.change && resource.methods.replace;
  const auto is_shown = [&](std::size_t place) {
    return std::ranges::find(row.places, place) != row.places.end();
  };
  const bool whole = std::ranges::all_of(resource.updatable(), is_shown);
  if (resource.methods.change || (put && whole)) {
    begin_section("Change", "tool", out);
    begin_form(put ? "PUT" : "PATCH", row.path, row.tag, row.path, out);
    for (const auto place : resource.updatable()) {
      if (is_shown(place)) append_field(resource.columns[place], place, row.cell(place), out);
    }
    out += "<p class=send><button>Save</button></p></form></details>\n";
  }
  if (!resource.methods.remove) return;
  begin_section("Delete", "tool", out);
  begin_form("DELETE", row.path, row.tag, resource.methods.list ? std::string_view(resource.path) : "/", out);
  out += "<p class=send><button class=danger>Delete this ";
  append_html(resource.singular, out);
  out += "</button></p></form></details>\n";
}

}  // namespace troupe::http
