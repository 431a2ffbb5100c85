#include "sim/rows/row_maker.hpp"

#include <re2/re2.h>
#include <catch2/catch.hpp>
#include <set>

#include "helpers/schema_bodies.hpp"

using namespace troupe;
using namespace troupe::sim;
using namespace troupe::tests;
using schema::Column;
using schema::Resource;
using schema::TypeKind;

namespace {

Column numeric(int precision, int scale) {
  auto type = type_of(TypeKind::numeric, "numeric");
  type.precision = precision;
  type.scale = scale;
  return column_of("v", type);
}

Column integer(int bits, std::optional<std::string> min = {}, std::optional<std::string> max = {}) {
  auto type = type_of(TypeKind::integer, "integer");
  type.bits = bits;
  auto column = column_of("v", type);
  column.rules.min = std::move(min);
  column.rules.max = std::move(max);
  return column;
}

Column text(std::optional<int> characters = {}, std::optional<std::size_t> min = {},
            std::optional<std::size_t> max = {}, const char* pattern = nullptr) {
  auto type = type_of(TypeKind::text, "text");
  type.max_characters = characters;
  auto column = column_of("v", type);
  column.rules.min_length = min;
  column.rules.max_length = max;
  if (pattern != nullptr) column.rules.pattern = std::make_shared<const re2::RE2>(pattern);
  return column;
}

Column enumeration() {
  auto type = type_of(TypeKind::enumeration, "mood");
  type.labels = {"open", "paid"};
  return column_of("v", type);
}

Column array(TypeKind kind, const char* name) {
  auto type = type_of(TypeKind::array, std::string(name) + "[]");
  type.element = {type_of(kind, name)};
  if (kind == TypeKind::enumeration) type.element.front().labels = {"a", "b"};
  return column_of("v", type);
}

Column plain(TypeKind kind, const char* name = "t") {
  return column_of("v", type_of(kind, name));
}

std::vector<Column> all_kinds() {
  auto narrow_real = type_of(TypeKind::real, "real");
  narrow_real.bits = 32;
  auto bounded_real = plain(TypeKind::real);
  bounded_real.rules.min = "-0.5";
  bounded_real.rules.max = "0.25";
  return {plain(TypeKind::boolean),
          integer(16),
          integer(32, "-5", "5"),
          integer(64, "1000000"),
          integer(64, {}, "-1000000"),
          plain(TypeKind::real),
          column_of("v", narrow_real),
          bounded_real,
          plain(TypeKind::numeric),
          numeric(10, 2),
          numeric(3, 3),
          numeric(2, 4),
          numeric(5, -2),
          numeric(1, 0),
          text(),
          text(3),
          text(1),
          text({}, 40),
          text({}, 2, 2),
          text({}, {}, {}, "^[A-Z]{3}-\\d+$"),
          plain(TypeKind::uuid),
          plain(TypeKind::date),
          plain(TypeKind::time),
          plain(TypeKind::timestamp),
          plain(TypeKind::timestamptz),
          plain(TypeKind::interval),
          plain(TypeKind::json, "jsonb"),
          plain(TypeKind::bytes),
          enumeration(),
          array(TypeKind::text, "text"),
          array(TypeKind::integer, "integer"),
          array(TypeKind::bytes, "bytea"),
          array(TypeKind::json, "jsonb"),
          array(TypeKind::enumeration, "mood"),
          plain(TypeKind::other, "inet"),
          plain(TypeKind::other, "macaddr")};
}

/// The bodies of the first rows that are made for a resource.
std::vector<std::string> bodies(const Resource& resource, const std::vector<std::size_t>& places, int count,
                                const RowFacts& facts = {}, std::uint64_t seed = 1) {
  const RowMaker maker(row_values_of(resource, places, facts).value(), std::make_shared<RowSerial>(0), seed);
  Rng user(7);
  RowValues values;
  std::vector<std::string> all;
  for (int i = 0; i < count; ++i) {
    maker.make(user, nullptr, values);
    values.append_json(resource, all.emplace_back());
  }
  return all;
}

schema::Constraint unique(std::vector<std::string> columns) {
  return {"u", schema::Constraint::Kind::unique, std::move(columns), {}};
}

}  // namespace

TEST_CASE("for every type values are made that its own reader takes, whatever the seed") {
  for (auto column : all_kinds()) {
    for (const bool nullable : {true, false}) {
      column.nullable = nullable;
      const auto resource = resource_of(column);
      CAPTURE(column.type.name, static_cast<int>(column.type.kind), nullable);
      for (std::uint64_t seed = 0; seed < 20; ++seed) {
        for (const auto& body : bodies(resource, resource.insertable(), 20, {}, seed)) {
          CAPTURE(body);
          const auto read = schema::read_new_rows(resource, ContentFormat::json, body, 1);
          CHECK(read.has_value());
          CHECK_FALSE(body == "{}");
        }
      }
    }
  }
}

TEST_CASE("over messages a row has the elements that its body would be read as") {
  for (const auto& column : all_kinds()) {
    const auto resource = resource_of(column);
    const RowMaker maker(row_values_of(resource, resource.insertable(), {}).value(),
                         std::make_shared<RowSerial>(0), 3);
    Rng user(7);
    RowValues values;
    for (int i = 0; i < 20; ++i) {
      maker.make(user, nullptr, values);
      std::string body, elements;
      values.append_json(resource, body);
      values.append_elements(resource, resource.insertable(), elements);
      CAPTURE(body);
      const auto read = schema::read_new_rows(resource, ContentFormat::json, body, 1);
      REQUIRE(read.has_value());
      CHECK(read->elements == elements);
    }
  }
}

TEST_CASE("a unique column has no value twice, as far as its type has so many") {
  for (auto column : all_kinds()) {
    if (!can_be_unique(column)) continue;
    auto resource = resource_of(column);
    resource.constraints = {unique({"v"})};
    const bool narrow = column.type.max_characters.value_or(9) < 2 || column.rules.max ||
                        column.rules.max_length.value_or(9) < 3 || column.type.precision.value_or(9) < 4 ||
                        column.type.precision == 5;
    if (narrow) continue;
    CAPTURE(column.type.name, static_cast<int>(column.type.kind));
    RowFacts facts;
    facts.salt = 123'456'789;
    const auto made = bodies(resource, resource.insertable(), 5'000, facts);
    CHECK(std::set<std::string>(made.begin(), made.end()).size() == 5'000);
  }
}

TEST_CASE("unique numbers go on behind the greatest, and unique texts differ between states of a table") {
  auto numbers = resource_of(integer(32));
  numbers.constraints = {unique({"v"})};
  RowFacts facts;
  facts.greatest["v"] = 700;
  CHECK(bodies(numbers, numbers.insertable(), 3, facts) ==
        std::vector<std::string>{R"({"v":701})", R"({"v":702})", R"({"v":703})"});
  auto texts = resource_of(text());
  texts.constraints = {unique({"v"})};
  const auto before = bodies(texts, texts.insertable(), 1'000);
  facts.salt = 99;
  std::set<std::string> all(before.begin(), before.end());
  for (const auto& body : bodies(texts, texts.insertable(), 1'000, facts)) all.insert(body);
  CHECK(all.size() == 2'000);
}

TEST_CASE("a seed makes the same rows again, another one others") {
  Resource resource;
  resource.columns = {text(), plain(TypeKind::uuid), integer(64)};
  resource.columns[1].name = "w";
  resource.columns[2].name = "x";
  resource.finish();
  CHECK(bodies(resource, resource.insertable(), 50, {}, 1) ==
        bodies(resource, resource.insertable(), 50, {}, 1));
  CHECK(bodies(resource, resource.insertable(), 50, {}, 1) !=
        bodies(resource, resource.insertable(), 50, {}, 2));
}

TEST_CASE("foreign keys are those of rows that exist, all columns of one row") {
  Resource lines;
  lines.columns = {integer(64), integer(64), text()};
  lines.columns[0].name = "a";
  lines.columns[1].name = "b";
  for (auto& column : lines.columns) column.nullable = false;
  lines.finish();
  RowFacts facts;
  facts.referred = {{"orders", {"b", "a"}, {{"1", "10"}, {"2", "20"}}}};
  for (const auto& body : bodies(lines, lines.insertable(), 50, facts)) {
    CAPTURE(body);
    CHECK((body.starts_with(R"({"b":1,"a":10,)") || body.starts_with(R"({"b":2,"a":20,)")));
  }
}

TEST_CASE("a key of a reference and a number is unique by the number") {
  Resource lines;
  lines.columns = {integer(64), integer(32)};
  lines.columns[0].name = "order_id";
  lines.columns[1].name = "number";
  lines.key = {0, 1};
  lines.finish();
  const std::vector<Referred> referred{{"orders", {"order_id"}, {{"1"}, {"2"}}}};
  CHECK(unique_places(lines, lines.insertable(), referred) == std::vector<std::size_t>{1});
}

TEST_CASE("a column that nothing can be made up for is named, unless it may be left out") {
  auto column = plain(TypeKind::other, "int4range");
  column.type.declared = "int4range";
  column.nullable = false;
  const auto range = resource_of(column);
  CHECK(row_values_of(range, range.insertable(), {}).error().message ==
        "column v: no values of the type int4range are made up");
  column.nullable = true;
  const auto optional = resource_of(column);
  CHECK(bodies(optional, optional.insertable(), 1) == std::vector<std::string>{"{}"});

  auto coded = text({}, {}, {}, "^[^x]+$");
  coded.nullable = false;
  const auto pattern = resource_of(coded);
  CHECK(row_values_of(pattern, pattern.insertable(), {}).error().message ==
        "column v: no texts are made up for a pattern with [^…]");

  auto referring = integer(64);
  referring.nullable = false;
  const auto resource = resource_of(referring);
  RowFacts facts;
  facts.referred = {{"orders", {"v"}, {}}};
  CHECK(row_values_of(resource, resource.insertable(), facts).error().message ==
        "column v refers to orders, which has no rows");
}

TEST_CASE("a default that is computed is left to the database") {
  auto column = plain(TypeKind::timestamptz);
  column.has_default = true;
  column.default_sql = GENERATE("now()", "");
  const auto resource = resource_of(column);
  CHECK(bodies(resource, resource.insertable(), 1) == std::vector<std::string>{"{}"});
}
