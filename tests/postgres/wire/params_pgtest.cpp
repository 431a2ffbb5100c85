#include <catch2/catch.hpp>
#include <cmath>
#include <limits>

#include "helpers/shared_cluster.hpp"
#include "postgres/wire/blocking_session.hpp"

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

TEST_CASE("doubles come back bit by bit") {
  const auto value = GENERATE(0.0, -0.0, 0.1, 1e308, 5e-324, -12.5, std::numeric_limits<double>::infinity());
  Params params;
  params.add_float8(value);
  const Rows rows = run("SELECT $1", params);
  CHECK(rows.float8(0, 0) == value);
  CHECK(std::signbit(rows.float8(0, 0)) == std::signbit(value));
}

TEST_CASE("booleans and texts come back as they were sent") {
  const auto text =
      GENERATE(as<std::string>{}, "", "plain", "quote ' \" \\ $1", "ünï🎭\n\t", std::string(100'000, 'x'));
  const bool value = GENERATE(true, false);
  Params params;
  params.add_bool(value);
  params.add_text(text);
  const Rows rows = run("SELECT $1, $2, octet_length($2)::int8, $1::text", params);
  CHECK(rows.boolean(0, 0) == value);
  CHECK(rows.text(0, 1) == text);
  CHECK(rows.int8(0, 2) == static_cast<std::int64_t>(text.size()));
  CHECK(rows.text(0, 3) == (value ? "true" : "false"));
}

TEST_CASE("arrays with nulls unnest to the rows that were sent, in order") {
  const std::vector<std::int64_t> ids = {3, -1, 2};
  const std::vector<std::optional<std::string_view>> texts = {"b🎭", std::nullopt, ""};
  const std::vector<std::optional<double>> prices = {std::nullopt, 0.1, -2.5};
  const std::vector<std::optional<bool>> flags = {true, false, std::nullopt};
  Params params;
  params.add_int8_array(ids);
  params.add_text_array(texts);
  params.add_float8_array(prices);
  params.add_bool_array(flags);
  const Rows rows =
      run("SELECT i, t, p, f FROM unnest($1, $2, $3, $4) WITH ORDINALITY AS rows (i, t, p, f, n) ORDER BY n",
          params);
  REQUIRE(rows.count() == 3);
  for (int row = 0; row < 3; ++row) {
    CAPTURE(row);
    CHECK(rows.int8(row, 0) == ids[row]);
    CHECK(rows.is_null(row, 1) == !texts[row].has_value());
    if (texts[row]) CHECK(rows.text(row, 1) == *texts[row]);
    CHECK(rows.is_null(row, 2) == !prices[row].has_value());
    if (prices[row]) CHECK(rows.float8(row, 2) == *prices[row]);
    CHECK(rows.is_null(row, 3) == !flags[row].has_value());
    if (flags[row]) CHECK(rows.boolean(row, 3) == *flags[row]);
  }
}

TEST_CASE("empty arrays are empty, and equal to PostgreSQL's own") {
  Params params;
  params.add_int8_array({});
  params.add_text_array({});
  params.add_float8_array({});
  params.add_bool_array({});
  const Rows rows = run("SELECT $1 = '{}', $2 = '{}', $3 = '{}', $4 = '{}', array_ndims($1) IS NULL", params);
  for (int column = 0; column < 5; ++column) CHECK(rows.boolean(0, column));
}
