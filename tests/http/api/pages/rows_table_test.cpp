#include "http/api/pages/rows_table.hpp"

#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "helpers/schema_bodies.hpp"
#include "http/api/pages/html.hpp"
#include "schema/element.hpp"

using namespace troupe;
using namespace troupe::http;
using namespace troupe::tests;
using schema::TypeKind;

namespace {

using Cells = std::vector<std::optional<std::string>>;

schema::Column made(std::string name, TypeKind kind) {
  auto column = column_of(std::move(name), type_of(kind));
  schema::finish_column(column);
  return column;
}

/// The rows of a table: what stands behind its head.
std::string body_of(std::span<const TableColumn> columns, const std::vector<Cells>& rows) {
  std::string out;
  append_table(
      columns, static_cast<int>(rows.size()),
      [&](int row, std::size_t cell) -> schema::Cell {
        const auto& value = rows.at(static_cast<std::size_t>(row)).at(cell);
        if (!value) return std::nullopt;
        return *value;
      },
      out);
  const std::string head_end = "</thead><tbody>\n";
  const auto begin = out.find(head_end);
  REQUIRE(begin != std::string::npos);
  REQUIRE(out.ends_with("</table></div>\n"));
  return out.substr(begin + head_end.size(), out.rfind("</table>") - begin - head_end.size());
}

}  // namespace

TEST_CASE("a table has a line for each row and a cell for each column, in the columns' order") {
  const auto id = made("id", TypeKind::integer);
  const auto name = made("name", TypeKind::text);
  const std::vector<TableColumn> columns{{&name, 1, "name", {}}, {&id, 0, "id", {}}};
  CHECK(body_of(columns, {}).empty());
  CHECK(body_of(columns, {{schema::wire_integer(7), "Lamp"}, {schema::wire_integer(8), std::nullopt}}) ==
        "<tr><td>Lamp<td>7\n<tr><td><i>null</i><td>8\n");
}

TEST_CASE("columns of numbers are told to the style sheet once, by their places") {
  const auto id = made("id", TypeKind::integer);
  const auto name = made("name", TypeKind::text);
  const auto price = made("price", TypeKind::numeric);
  std::string out;
  append_table(std::vector<TableColumn>{{&id, 0, "id", {}}, {&name, 1, "name", {}}, {&price, 2, "price", {}}},
               0, {}, out);
  CHECK(out.find("<table class=\"rows n1 n3\">") != std::string::npos);
}

TEST_CASE("a value leads to the row that it names, by a path that is encoded") {
  const auto code = made("code", TypeKind::text);
  const auto at = made("at", TypeKind::date);
  const RowLink link{"/films/", {{&code, 0}, {&at, 1}}};
  const std::vector<TableColumn> columns{{&code, 0, "code", link}};
  const std::string day = "2024-01-02";
  CHECK(body_of(columns, {{"M", day}}) == "<tr><td><a href=\"/films/M/2024-01-02\">M</a>\n");
  CHECK(body_of(columns, {{"M/1 \"x\"<'&?#%", day}}) ==
        "<tr><td><a href=\"/films/M%2F1%20%22x%22%3C%27%26%3F%23%25/2024-01-02\">" +
            html_of("M/1 \"x\"<'&?#%") + "</a>\n");
}

TEST_CASE("where a row has no value for a path there is no link") {
  const auto code = made("code", TypeKind::text);
  const auto number = made("number", TypeKind::integer);
  const std::vector<TableColumn> columns{{&code, 0, "code", RowLink{"/films/", {{&code, 0}, {&number, 1}}}},
                                         {nullptr, 0, "", RowLink{"/films/", {{&code, 0}, {&number, 1}}}}};
  CHECK(body_of(columns, {{std::nullopt, schema::wire_integer(1)}}) == "<tr><td><i>null</i><td>\n");
  CHECK(body_of(columns, {{"", schema::wire_integer(1)}}) == "<tr><td><td>\n");
  CHECK(body_of(columns, {{"a", std::nullopt}}) == "<tr><td>a<td>\n");
  CHECK(body_of(columns, {{"a", schema::wire_integer(1)}}) ==
        "<tr><td><a href=\"/films/a/1\">a</a><td><a href=\"/films/a/1\">open</a>\n");
}
