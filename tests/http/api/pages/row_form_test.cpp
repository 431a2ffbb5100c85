#include "http/api/pages/row_form.hpp"

#include <catch2/catch.hpp>
#include <string>
#include <tuple>

#include "helpers/schema_bodies.hpp"
#include "http/api/pages/filter_form.hpp"
#include "http/api/pages/form_field.hpp"
#include "http/api/pages/resource_pages.hpp"

using namespace troupe;
using namespace troupe::http;
using namespace troupe::tests;
using schema::TypeKind;

namespace {

const std::string hostile_name = R"(a"><script>x</script>'&)";

schema::Column made(TypeKind kind, bool nullable, bool has_default = false) {
  auto column = column_of("v", type_of(kind), nullable);
  column.has_default = has_default;
  if (has_default) column.default_sql = "now()";
  if (kind == TypeKind::enumeration) column.type.labels = {"open", hostile_name};
  schema::finish_column(column);
  return column;
}

std::string new_field(const schema::Column& column) {
  std::string out;
  append_new_field(column, 3, out);
  return out;
}

std::string field(const schema::Column& column, schema::Cell cell) {
  std::string out;
  append_field(column, 3, cell, out);
  return out;
}

bool has(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

/// A resource whose every name is markup.
schema::Resource hostile_resource() {
  schema::Resource resource;
  resource.name = hostile_name;
  resource.path = "/x/";
  resource.singular = hostile_name;
  resource.comment = hostile_name;
  for (const auto kind : {TypeKind::integer, TypeKind::text, TypeKind::enumeration, TypeKind::json}) {
    auto column = made(kind, true);
    column.name = hostile_name + std::to_string(resource.columns.size());
    column.comment = column.type.declared = hostile_name;
    column.has_default = true;
    column.default_sql = hostile_name;
    resource.columns.push_back(column);
  }
  resource.key = {0};
  resource.finish();
  return resource;
}

}  // namespace

TEST_CASE("a new row's field begins with the default, else null, else nothing that is chosen") {
  CHECK(
      has(new_field(made(TypeKind::text, true, true)), "<option data-state=default selected>default: now()"));
  CHECK(has(new_field(made(TypeKind::text, true, true)), "<option data-state=null>null"));
  CHECK(has(new_field(made(TypeKind::text, true)), "<option data-state=null selected>null"));
  CHECK_FALSE(has(new_field(made(TypeKind::text, false)), "<select"));
  CHECK(has(new_field(made(TypeKind::boolean, false)), "<option data-state=missing selected>"));
  CHECK_FALSE(has(new_field(made(TypeKind::boolean, false)), "data-state=null"));
}

TEST_CASE("null and an empty text are two values of a field") {
  const auto text = made(TypeKind::text, true);
  CHECK(has(field(text, std::nullopt), "<option data-state=null selected>"));
  CHECK(has(field(text, ""), "<option data-state=value selected>"));
  CHECK(has(field(text, ""), "<option data-state=null>"));
}

TEST_CASE("a field is of its column's kind") {
  const auto [kind, form, element] = GENERATE(table<TypeKind, std::string, std::string>({
      {TypeKind::integer, "number", "<input id=f3 inputmode=numeric"},
      {TypeKind::numeric, "number", "<input id=f3 inputmode=decimal"},
      {TypeKind::boolean, "boolean", "<select id=f3>"},
      {TypeKind::enumeration, "text", "<select id=f3>"},
      {TypeKind::json, "json", "<textarea rows=2 id=f3"},
      {TypeKind::array, "json", "<textarea rows=2 id=f3"},
      {TypeKind::date, "text", "<input id=f3 type=date"},
      {TypeKind::timestamptz, "text", "<input id=f3 placeholder"},
      {TypeKind::text, "text", "<textarea rows=2 id=f3"},
      {TypeKind::bytes, "text", "<textarea rows=2 id=f3"},
      {TypeKind::other, "text", "<input id=f3"},
  }));
  CAPTURE(form, element);
  const auto html = new_field(made(kind, true));
  CHECK(has(html, "data-form=" + form + ">"));
  CHECK(has(html, element));
}

TEST_CASE("a short text is a line, and one with lines is not") {
  auto column = made(TypeKind::text, false);
  column.type.max_characters = 40;
  CHECK(has(field(column, "one line"), "<input id=f3 value=\"one line\">"));
  CHECK(has(field(column, "two\nlines"), "<textarea rows=2 id=f3>\ntwo\nlines</textarea>"));
  CHECK(has(field(column, "\nfirst"), ">\n\nfirst</textarea>"));  // a reader leaves out the first line feed
}

TEST_CASE("a calendar is only for days that it can show") {
  const auto day = made(TypeKind::date, true);
  CHECK(has(field(day, "2024-01-02"), "type=date"));
  CHECK_FALSE(has(field(day, "infinity"), "type=date"));
  CHECK_FALSE(has(field(day, "0044-03-15 BC"), "type=date"));
}

TEST_CASE("names, labels, defaults and values are never markup in a form") {
  const auto resource = hostile_resource();
  std::string out;
  append_create_form(resource, out);
  const std::vector<std::size_t> places{0, 1, 2, 3};
  append_row_forms(resource,
                   {hostile_name, hostile_name, places,
                    [](std::size_t place) -> schema::Cell {
                      if (place == 0) return std::string_view("\0\0\0\1", 4);
                      return hostile_name;
                    }},
                   out);
  CHECK(has(out, "&lt;script&gt;"));
  CHECK_FALSE(has(out, "<script"));
  CHECK_FALSE(has(out, "a\">"));
}

TEST_CASE("a form offers only what may be done") {
  auto resource = hostile_resource();
  resource.methods = {true, true, false, false, false, false};
  std::string out;
  append_create_form(resource, out);
  append_row_forms(resource, {"/x/1", "", {}, {}}, out);
  CHECK(out.empty());
}

TEST_CASE("the filter form shows what is asked for, and sends what it does not know again") {
  const auto served = postgres::serve_resources({hostile_resource()});
  const ResourcePages pages(served.front(), served);
  std::string out;
  append_filter_form(
      pages, {{hostile_name + "1__icontains", hostile_name}, {hostile_name + "0__in", "1,2"}, {"limit", "7"}},
      out);
  CHECK_FALSE(has(out, "<script"));
  CHECK_FALSE(has(out, "a\">"));
  CHECK(has(out, "__icontains\" value=\"a&quot;&gt;&lt;script&gt;"));
  CHECK(has(out, "0__in\" value=\"1,2\">"));
  CHECK(has(out, "name=\"limit\" value=\"7\""));
  CHECK(has(out, "<details class=tool open>"));
}

TEST_CASE("a form's empty fields are taken out of the query, and only a form's") {
  const auto served = postgres::serve_resources({hostile_resource()});
  const ResourcePages pages(served.front(), served);
  const auto [raw, expected] = GENERATE(table<std::string, std::optional<std::string>>({
      {"", std::nullopt},
      {"a=&limit=5", std::nullopt},
      {"a=_form", std::nullopt},
      {"_form=1", ""},
      {"_form=1&a=&b__gte=2&limit=", "b__gte=2"},
      {"a=x+y&_form=1&count=true", "a=x%20y&count=true"},
      {"_form=1&a=%", std::nullopt},
  }));
  CAPTURE(raw);
  CHECK(query_of_form(pages, raw) == expected);
}

TEST_CASE("the mark of a form is no column") {
  auto resource = hostile_resource();
  resource.columns[1].name = "_form";
  resource.finish();
  const auto served = postgres::serve_resources({resource});
  CHECK(ResourcePages(served.front(), served).form_mark == "_form_");
}
