#include <catch2/catch.hpp>
#include <cstdlib>
#include <string>

#include "helpers/server_process.hpp"
#include "helpers/shared_cluster.hpp"
#include "helpers/sql_session.hpp"

using namespace troupe::tests;

namespace {

/// Tables that differ in their keys and have a column of every kind.
constexpr const char* tables = R"(
CREATE TYPE mood AS ENUM ('sad', 'fine');
CREATE TABLE customers (
  id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name varchar(20) NOT NULL,
  mood mood DEFAULT 'fine',
  born date,
  small smallint NOT NULL,
  tags text[] NOT NULL DEFAULT '{}');
COMMENT ON TABLE customers IS 'Who buys.';
CREATE TABLE orders (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  customer_id integer NOT NULL REFERENCES customers,
  "limit" bigint,
  total numeric(10,2) NOT NULL CHECK (total > 0),
  placed_at timestamptz NOT NULL DEFAULT now(),
  rest jsonb);
CREATE TABLE "order lines" (
  order_day date,
  "line number" integer,
  code char(3) UNIQUE,
  weight real NOT NULL,
  length double precision NOT NULL,
  exact numeric,
  at time NOT NULL,
  local timestamp NOT NULL,
  span interval NOT NULL,
  photo bytea NOT NULL,
  address inet,
  open boolean NOT NULL,
  PRIMARY KEY (order_day, "line number"));
CREATE TABLE words (word text PRIMARY KEY, docs text);
CREATE TABLE docs (id integer PRIMARY KEY);
INSERT INTO customers (name, small) VALUES ('first', 1);)";

}  // namespace

TEST_CASE("a server keeps what its OpenAPI document promises, and shows it at /docs", "[e2e]") {
  const auto conninfo = fresh_database();
  SqlSession sql(conninfo);
  sql.run(tables);
  ServerProcess server({"--database-url", url_of(conninfo), "--resources", "auto"});
  const std::string script = TROUPE_SOURCE_DIR "/web/test/openapi_test.mjs";
  const auto command = "SERVER=http://127.0.0.1:" + std::to_string(server.port()) + " node '" + script + "'";
  CHECK(std::system(command.c_str()) == 0);  // its output, one line per check, says what failed
}
