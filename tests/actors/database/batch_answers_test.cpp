#include "actors/database/batch_answers.hpp"

#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "postgres/wire/rows_builder.hpp"
#include "schema/element.hpp"

using namespace troupe;
using namespace troupe::actors;

namespace {

postgres::SharedQuery query_of(std::size_t parameters) {
  postgres::LoadedQuery loaded;
  loaded.query.coalesced = true;
  const auto add = [](schema::Resource& resource, const std::string& name) {
    schema::Column column;
    column.name = name;
    column.type = {schema::TypeKind::integer, "bigint", "bigint"};
    resource.columns.push_back(column);
  };
  for (std::size_t i = 0; i < parameters; ++i) add(loaded.query.parameters, "p" + std::to_string(i));
  add(loaded.query.rows, "x");
  loaded.query.parameters.finish();
  loaded.query.rows.finish();
  return postgres::serve_queries({loaded}).front();
}

Batch calls(std::size_t count, const postgres::SharedQuery& query) {
  Batch batch;
  for (std::size_t i = 0; i < count; ++i) {
    Command command{{}, CommandKind::call, 1, {}, {}, {}, query};
    batch.commands.push_back({std::move(command), nullptr});
  }
  return batch;
}

/// Rows whose first column is one of these numbers.
postgres::Rows numbered(const std::vector<int>& numbers) {
  postgres::RowsBuilder rows(2);
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    rows.set(static_cast<int>(i), 0, schema::wire_integer(numbers[i]));
    rows.set(static_cast<int>(i), 1, schema::wire_integer(0));
  }
  return rows.take();
}

/// Of each call "first+count", or "none".
std::string answers_to(Batch& batch, postgres::Rows rows) {
  std::string told;
  for_each_outcome(batch, std::move(rows), [&](Pending&, const Outcome& outcome) {
    const auto* answer = std::get_if<RowAnswer>(&outcome);
    told += (told.empty() ? "" : " ") +
            (answer == nullptr ? "none" : std::to_string(answer->row) + "+" + std::to_string(answer->count));
  });
  return told;
}

}  // namespace

TEST_CASE("each of many calls gets the rows that bear its number") {
  auto batch = calls(4, query_of(1));
  CHECK(answers_to(batch, numbered({1, 1, 3, 4, 4, 4})) == "0+2 2+0 2+1 3+3");
  CHECK(answers_to(batch, numbered({})) == "0+0 0+0 0+0 0+0");
}

TEST_CASE("rows of calls that come in disorder are nobody's, and each is called alone") {
  auto batch = calls(2, query_of(1));
  CHECK(answers_to(batch, numbered({1, 2, 1})) == "none none");
  CHECK(may_have_lost_its_row(batch));
  auto alone = calls(1, query_of(1));
  CHECK_FALSE(may_have_lost_its_row(alone));
}

TEST_CASE("calls without parameters are the same one, and share its rows") {
  auto batch = calls(3, query_of(0));
  CHECK(answers_to(batch, numbered({7, 5})) == "0+2 0+2 0+2");
}
