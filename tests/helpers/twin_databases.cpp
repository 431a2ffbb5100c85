#include "helpers/twin_databases.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <sstream>

#include "helpers/shared_cluster.hpp"
#include "helpers/sql_session.hpp"
#include "postgres/catalogue/resources.hpp"
#include "schema/element.hpp"

namespace troupe::tests {

using namespace std::chrono_literals;

namespace {

constexpr const char* tables = R"(
CREATE TABLE people (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name text NOT NULL CONSTRAINT people_name_key UNIQUE,
  age integer CONSTRAINT people_age_check CHECK (age >= 0),
  score double precision NOT NULL DEFAULT 1.5,
  active boolean NOT NULL DEFAULT true,
  note varchar(5));
CREATE TABLE devices (
  id uuid PRIMARY KEY,
  label text NOT NULL,
  rank smallint,
  weight real CONSTRAINT devices_weight_check CHECK (weight >= -1),
  owner text,
  CONSTRAINT devices_owner_rank_key UNIQUE (owner, rank));
CREATE TABLE words (
  word text PRIMARY KEY,
  count integer NOT NULL DEFAULT 7 CONSTRAINT b_check CHECK (count >= -5),
  lang text,
  other integer CONSTRAINT a_check CHECK (other >= 1));
CREATE TABLE cells (
  x integer, y integer, value bigint, tag text CONSTRAINT cells_tag_key UNIQUE, alive boolean,
  PRIMARY KEY (x, y));
)";

world::TableRules rules_of(const std::string& name) {
  world::TableRules rules;
  if (name == "people") {
    rules.identity = true;
    rules.uniques = {{"people_name_key", {"name"}}};
    rules.checks = {{"people_age_check", "age", 0}};
    rules.defaults = {{"score", real(1.5)}, {"active", boolean(true)}};
  } else if (name == "devices") {
    rules.uniques = {{"devices_owner_rank_key", {"owner", "rank"}}};
    rules.checks = {{"devices_weight_check", "weight", -1}};
  } else if (name == "words") {
    rules.checks = {{"b_check", "count", -5}, {"a_check", "other", 1}};
    rules.defaults = {{"count", integer(7)}};
  } else {
    rules.uniques = {{"cells_tag_key", {"tag"}}};
  }
  return rules;
}

}  // namespace

TwinDatabases::TwinDatabases(std::uint64_t seed, const world::ModelSettings& settings)
    : conninfo(fresh_database()), model(seed, settings) {
  SqlSession sql(conninfo);
  sql.run(tables);
  // A nested loop meets the rows in the order in which the statement names them.
  for (const auto* plan : {"enable_hashjoin", "enable_mergejoin", "enable_seqscan"})
    sql.run("ALTER DATABASE " + sql.value("SELECT current_database()") + " SET " + plan + " = off");
  real_session.emplace(postgres::BlockingSession::open(conninfo, 30s).value());
  real_pipeline.emplace(conninfo);
  resources = postgres::serve_resources(postgres::load_resources(conninfo, 30s, {}).value());
  REQUIRE(resources.size() == 4);
  for (const auto& resource : resources) {
    const auto added = model.server.add_table(resource, rules_of(resource->resource.name));
    INFO((added ? "" : added.error().message));
    REQUIRE(added.has_value());
  }
  client = &model.client();
}

TwinDatabases::Outcome TwinDatabases::ask_real(const SentStatement& sent) {
  return real_session->run(sent.statement.sql, sent.params).value();
}

TwinDatabases::Outcome TwinDatabases::ask_model(const SentStatement& sent) {
  model.ask(*client, sent);
  return std::move(client->done.front().outcome);
}

std::vector<TwinDatabases::Outcome> TwinDatabases::ask_real_together(const std::vector<SentStatement>& all) {
  return real_pipeline->run(all);
}

std::vector<TwinDatabases::Outcome> TwinDatabases::ask_model_together(const std::vector<SentStatement>& all) {
  model.ask_together(*client, all);
  std::vector<Outcome> outcomes;
  for (auto& completion : client->done) outcomes.push_back(std::move(completion.outcome));
  return outcomes;
}

const postgres::SharedResource& TwinDatabases::resource(const std::string& name) const {
  return *std::ranges::find_if(resources, [&](const auto& each) { return each->resource.name == name; });
}

std::vector<std::string> said(const TwinDatabases::Outcome& outcome, bool xmin, bool ordered) {
  if (const auto* error = std::get_if<postgres::StatementError>(&outcome))
    return {error->sqlstate + ": " + error->message + " | " + error->detail + " | table " + error->table +
            " | column " + error->column + " | constraint " + error->constraint};
  const auto& rows = std::get<postgres::Rows>(outcome);
  std::vector<std::string> all;
  if (PQnfields(rows.handle()) == 0) return all;
  for (int row = 0; row < rows.count(); ++row) {
    std::ostringstream text;
    for (int column = 0; column < PQnfields(rows.handle()) - (xmin ? 1 : 0); ++column) {
      const auto cell = rows.cell(row, column);
      text << (cell ? "[" : "null");
      if (cell) {
        for (const char c : *cell) {
          const bool shown = c > ' ' && c < 127;
          shown ? text << c : text << '\\' << int{static_cast<unsigned char>(c)};
        }
        text << "]";
      }
    }
    all.push_back(text.str());
  }
  if (!ordered) std::ranges::sort(all);
  return all;
}

std::string version_in(const TwinDatabases::Outcome& read) {
  const auto& rows = std::get<postgres::Rows>(read);
  if (rows.count() == 0) return "3";
  return std::to_string(schema::integer_of(rows.text(0, PQnfields(rows.handle()) - 1)));
}

}  // namespace troupe::tests
