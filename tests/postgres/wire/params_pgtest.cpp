#include <algorithm>
#include <bit>
#include <catch2/catch.hpp>
#include <limits>

#include "helpers/shared_cluster.hpp"
#include "postgres/wire/blocking_session.hpp"
#include "schema/element.hpp"

using namespace troupe;
using namespace troupe::postgres;
using namespace std::chrono_literals;

namespace {

Rows run(const std::string& sql, const Params& params) {
  static auto session = BlockingSession::open(tests::shared_cluster().conninfo(), 30s).value();
  auto outcome = session.run(sql, params).value();
  if (const auto* error = std::get_if<StatementError>(&outcome)) FAIL(error->message);
  return std::move(std::get<Rows>(outcome));
}

}  // namespace

TEST_CASE("integers of all sizes come back as they were sent") {
  const auto value = GENERATE(as<std::int64_t>{}, 0, 1, -1, std::numeric_limits<std::int64_t>::max(),
                              std::numeric_limits<std::int64_t>::min());
  Params params;
  params.add_int8(value);
  const Rows rows = run("SELECT $1, $1::text", params);
  CHECK(rows.int8(0, 0) == value);
  CHECK(rows.text(0, 1) == std::to_string(value));
}

TEST_CASE("values in binary form and texts come back as they were sent") {
  const auto text =
      GENERATE(as<std::string>{}, "", "plain", "quote ' \" \\ $1", "ünï🎭\n\t", std::string(100'000, 'x'));
  const bool value = GENERATE(true, false);
  Params params;
  params.add_binary(postgres::Oid::boolean, std::string(1, value ? '\1' : '\0'));
  params.add_text(text);
  params.add_binary(postgres::Oid::float8, schema::wire_integer(std::bit_cast<std::int64_t>(-0.5)));
  const Rows rows = run("SELECT $1, $2, octet_length($2)::int8, $1::text, $3::text", params);
  CHECK(rows.boolean(0, 0) == value);
  CHECK(rows.text(0, 1) == text);
  CHECK(rows.int8(0, 2) == static_cast<std::int64_t>(text.size()));
  CHECK(rows.text(0, 3) == (value ? "true" : "false"));
  CHECK(rows.text(0, 4) == "-0.5");
}

TEST_CASE("arrays with nulls unnest to the rows that were sent, in order") {
  const std::vector<std::int64_t> ids = {3, -1, 2};
  const std::vector<std::optional<std::string_view>> texts = {"b🎭", std::nullopt, ""};
  std::string elements;
  schema::append_null_element(elements);
  schema::append_real_element(0.1, elements);
  schema::append_real_element(-2.5, elements);
  Params params;
  params.add_int8_array(ids);
  params.add_text_array(texts);
  std::ranges::copy(elements,
                    params.add_array(postgres::Oid::float8_array, postgres::Oid::float8, 3, elements.size()));
  const Rows rows = run(
      "SELECT i, t, p::text FROM unnest($1, $2, $3) WITH ORDINALITY AS rows (i, t, p, n) ORDER BY n", params);
  REQUIRE(rows.count() == 3);
  const std::vector<std::optional<std::string_view>> reals = {std::nullopt, "0.1", "-2.5"};
  for (int row = 0; row < 3; ++row) {
    CAPTURE(row);
    CHECK(rows.int8(row, 0) == ids[row]);
    CHECK(rows.cell(row, 1) == texts[row]);
    CHECK(rows.cell(row, 2) == reals[row]);
  }
}

TEST_CASE("empty arrays are empty, and equal to PostgreSQL's own") {
  Params params;
  params.add_int8_array({});
  params.add_text_array({});
  params.add_array(postgres::Oid::bytea_array, postgres::Oid::bytea, 0, 0);
  const Rows rows = run("SELECT $1 = '{}', $2 = '{}', $3 = '{}', array_ndims($1) IS NULL", params);
  for (int column = 0; column < 4; ++column) CHECK(rows.boolean(0, column));
}
