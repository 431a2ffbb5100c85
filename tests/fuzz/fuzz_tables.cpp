#include "fuzz/fuzz_tables.hpp"

#include <re2/re2.h>

#include <utility>

#include "schema/element.hpp"
#include "schema/text.hpp"

namespace troupe::fuzz {
namespace {

using schema::Column;
using schema::Resource;
using schema::Type;
using schema::TypeKind;

Type type_of(TypeKind kind, std::string name, int bits = 64) {
  Type type;
  type.kind = kind;
  type.name = type.declared = std::move(name);
  type.bits = bits;
  return type;
}

Column column_of(std::string name, Type type, bool nullable = true) {
  Column column;
  column.name = std::move(name);
  column.type = std::move(type);
  column.nullable = nullable;
  return column;
}

Resource named(const std::string& name) {
  Resource resource;
  resource.name = name;
  resource.path = "/" + name + "/";
  resource.table = '"' + name + '"';
  resource.singular = "row";
  return resource;
}

Column array_of(std::string name, Type element) {
  auto type = type_of(TypeKind::array, element.name + "[]");
  type.element.push_back(std::move(element));
  return column_of(std::move(name), std::move(type));
}

/// One with a column of every type.
Resource of_all_types() {
  auto resource = named("kinds");
  auto& columns = resource.columns;
  columns.push_back(column_of("id", type_of(TypeKind::integer, "bigint"), false));
  columns.push_back(column_of("small", type_of(TypeKind::integer, "smallint", 16)));
  columns.push_back(column_of("flag", type_of(TypeKind::boolean, "boolean")));
  columns.push_back(column_of("narrow", type_of(TypeKind::real, "real", 32)));
  columns.push_back(column_of("wide", type_of(TypeKind::real, "double precision")));
  auto money = type_of(TypeKind::numeric, "numeric");
  money.precision = 8;
  money.scale = 2;
  columns.push_back(column_of("money", std::move(money)));
  columns.back().rules.min = "0";
  columns.back().rules.max = "99999.5";
  columns.push_back(column_of("exact", type_of(TypeKind::numeric, "numeric")));
  columns.back().as_string = true;
  columns.push_back(column_of("code", type_of(TypeKind::text, "character varying")));
  columns.back().type.max_characters = 8;
  columns.back().rules.pattern = std::make_shared<const re2::RE2>("^[a-z]*$");
  constexpr std::pair<const char*, TypeKind> texts[] = {{"uuid", TypeKind::uuid},
                                                        {"date", TypeKind::date},
                                                        {"time", TypeKind::time},
                                                        {"timestamp", TypeKind::timestamp},
                                                        {"timestamptz", TypeKind::timestamptz},
                                                        {"interval", TypeKind::interval},
                                                        {"jsonb", TypeKind::json},
                                                        {"json", TypeKind::json},
                                                        {"bytea", TypeKind::bytes},
                                                        {"inet", TypeKind::other}};
  for (const auto& [name, kind] : texts) columns.push_back(column_of(name, type_of(kind, name)));
  auto mood = type_of(TypeKind::enumeration, "mood");
  mood.labels = {"good", "bad", "q\"'"};
  columns.push_back(column_of("mood", mood));
  columns.push_back(array_of("moods", std::move(mood)));
  columns.push_back(array_of("numbers", type_of(TypeKind::integer, "integer", 32)));
  columns.push_back(array_of("words", type_of(TypeKind::text, "text")));
  columns.push_back(array_of("blobs", type_of(TypeKind::bytes, "bytea")));
  columns.push_back(array_of("documents", type_of(TypeKind::json, "jsonb")));
  resource.key = {0};
  resource.client_key = true;
  return resource;
}

Resource of_three_keys() {
  auto resource = named("lines");
  resource.columns = {column_of("order", type_of(TypeKind::integer, "integer", 32), false),
                      column_of("word", type_of(TypeKind::text, "text"), false),
                      column_of("day", type_of(TypeKind::date, "date"), false),
                      column_of("limit", type_of(TypeKind::text, "text"))};
  resource.key = {0, 1, 2};
  resource.client_key = true;
  resource.require_match = true;
  return resource;
}

Resource without_key() {
  auto resource = named("events");
  resource.columns = {column_of("at", type_of(TypeKind::timestamptz, "timestamp with time zone"), false),
                      column_of("what", type_of(TypeKind::json, "jsonb"))};
  return resource;
}

std::vector<Resource> made_tables() {
  auto items = postgres::declared_items()->resource;
  std::vector<Resource> made{std::move(items), of_all_types(), of_three_keys(), without_key()};
  for (auto& resource : made) resource.finish();
  return made;
}

postgres::LoadedQuery query_of(const std::string& name, bool write) {
  postgres::LoadedQuery loaded;
  auto& query = loaded.query;
  query.name = name;
  query.path = "/" + name + "/";
  query.write = write;
  query.text.sql = loaded.one_sql = "SELECT $1, $2, $3";
  query.text.names = {"number", "words", "day"};
  query.parameters.columns = {column_of("number", type_of(TypeKind::integer, "integer", 32), false),
                              array_of("words", type_of(TypeKind::text, "text")),
                              column_of("day", type_of(TypeKind::date, "date"))};
  const std::string null_element(4, '\xFF');
  query.defaults = {"", null_element, null_element};
  query.rows.columns = {column_of("sum", type_of(TypeKind::numeric, "numeric"))};
  query.parameters.finish();
  query.rows.finish();
  return loaded;
}

}  // namespace

const std::vector<postgres::SharedResource>& tables() {
  static const auto served = postgres::serve_resources(made_tables());
  return served;
}

const std::vector<postgres::SharedQuery>& queries() {
  static const auto served = postgres::serve_queries({query_of("sums", false), query_of("moves", true)});
  return served;
}

std::string fault_of_value(const schema::Column& column, std::string_view value) {
  const auto wrong = [&] { return "a value of " + column.name + " that PostgreSQL cannot read"; };
  switch (column.wire_form()) {
    case schema::WireForm::boolean:
      return value.size() == 1 ? "" : wrong();
    case schema::WireForm::integer:
    case schema::WireForm::real:
      return value.size() == 8 ? "" : wrong();
    case schema::WireForm::bytes:
      return {};
    case schema::WireForm::text:
      break;
  }
  const auto facts = schema::inspect_text(value);
  return facts.valid_utf8 && !facts.has_nul ? "" : wrong();
}

std::string fault_of_elements(const schema::Resource& resource, std::string_view elements,
                              const std::vector<std::size_t>& places, std::size_t masks, std::size_t rows) {
  const auto take = [&](const schema::Column* column) -> std::string {
    if (elements.size() < schema::element_header) return "elements that end too early";
    const auto length = schema::element_length(elements.data());
    if (length < -1 || schema::element_size(elements.data()) > elements.size())
      return "an element that is longer than there is";
    const auto value = schema::take_element(elements);
    if (column == nullptr) return value && value->size() == 8 ? "" : "a mask that is none";
    return value ? fault_of_value(*column, *value) : "";
  };
  for (std::size_t row = 0; row < rows; ++row) {
    for (std::size_t i = 0; i < masks; ++i) {
      if (auto fault = take(nullptr); !fault.empty()) return fault;
    }
    for (const auto place : places) {
      if (auto fault = take(&resource.columns[place]); !fault.empty()) return fault;
    }
  }
  return elements.empty() ? "" : "more elements than there are columns";
}

}  // namespace troupe::fuzz
