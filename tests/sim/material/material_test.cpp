#include "sim/material/material.hpp"

#include <catch2/catch.hpp>
#include <map>
#include <set>

#include "helpers/schema_bodies.hpp"
#include "sim/scenario/scenario_reader.hpp"

using namespace troupe;
using namespace troupe::sim;
using namespace troupe::tests;
using schema::TypeKind;

namespace {

/// Rows that a test writes down, by table and column.
class WrittenRows final : public RowSource {
 public:
  std::map<std::string, TextRows> rows;  ///< by "table.column"
  std::vector<ForeignKey> keys;

  Result<TextRows> sample(const std::string& table, const std::vector<std::string>& columns,
                          std::size_t most) override {
    auto found = rows[table + "." + columns.at(0)];
    if (found.size() > most) found.resize(most);
    return found;
  }
  Result<std::vector<ForeignKey>> foreign_keys(const std::string&) override { return keys; }
  Result<std::optional<std::int64_t>> greatest(const std::string&, const std::string&) override {
    return std::optional<std::int64_t>(41);
  }
  Result<postgres::SharedQuery> describe_transaction(const schema::ResourceFile&) override {
    return postgres::SharedQuery();
  }
  Result<std::int64_t> count(const std::string&, std::size_t) override { return 3; }
};

postgres::Served shop() {
  schema::Resource orders;
  orders.name = "orders";
  orders.path = "/orders/";
  orders.table = "\"orders\"";
  orders.singular = "row";
  orders.columns = {column_of("id", type_of(TypeKind::integer), false),
                    column_of("customer", type_of(TypeKind::integer), false),
                    column_of("note", type_of(TypeKind::text), false)};
  orders.columns[0].writable = false;
  orders.key = {0};
  orders.finish();
  auto view = orders;
  view.name = "seen";
  view.path = "/seen/";
  view.methods = {true, true, false, false, false, false};
  view.finish();
  return {postgres::serve_resources({orders, view}), {}};
}

WrittenRows some_rows() {
  WrittenRows rows;
  rows.rows["\"orders\".id"] = {{"1"}, {"2"}, {"3"}};
  rows.rows["\"customers\".id"] = {{"7"}};
  rows.keys = {{"\"customers\"", {"customer"}, {"id"}}};
  return rows;
}

Result<std::shared_ptr<const Material>> material_of(const std::string& toml, WrittenRows rows = some_rows()) {
  return make_material(parse_scenario(toml, "test.toml").value(), shop(), &rows, 1);
}

std::string task(const std::string& lines) {
  return "[[task]]\n" + lines + "\n";
}

}  // namespace

TEST_CASE("tasks on a resource know its rows, and bodies refer to rows that exist") {
  const auto material = material_of(task("do = \"create\"\nresource = \"orders\"") +
                                    task("do = \"get\"\nresource = \"orders\""))
                            .value();
  REQUIRE(material->tables.size() == 1);
  CHECK(material->tables[0].keys == std::vector{integer_key(1), integer_key(2), integer_key(3)});
  CHECK(material->tables[0].create_task == 0);
  Rng rng(1);
  RowValues values;
  material->tasks[0].rows.make(rng, nullptr, values);
  std::string body;
  values.append_json(material->tables[0].resource->resource, body);
  CHECK_THAT(body, Catch::StartsWith(R"({"customer":7,"note":")"));
}

TEST_CASE("no more rows are looked at than the scenario's sample") {
  const auto material = material_of("sample = 2\n" + task("do = \"get\"\nresource = \"orders\"")).value();
  CHECK(material->tables[0].keys.size() == 2);
}

TEST_CASE("parameters come from where the task says") {
  const auto material = material_of(task(R"(do = "request"
method = "GET"
path = "/x?{whole}{real}{rank}{id_of}{word}"
params.whole = { uniform = [1, 3] }
params.real = { uniform = [0.5, 0.75] }
params.rank = { zipfian = [10, 12], theta = 0.5 }
params.id_of = { column = "orders.id" }
params.word = { list = ["a", 2, true, 1.5] })"))
                            .value();
  std::map<std::string, std::set<std::string>> seen;
  Rng rng(1);
  std::string value;
  // In the order of their names, as TOML's tables are read.
  const auto& parameters = material->tasks[0].parameters;
  REQUIRE(parameters.size() == 5);
  for (int i = 0; i < 500; ++i) {
    parameters[0](rng, nullptr, value);
    seen["id_of"].insert(value);
    parameters[1](rng, nullptr, value);
    seen["rank"].insert(value);
    parameters[2](rng, nullptr, value);
    CHECK((std::stod(value) >= 0.5 && std::stod(value) < 0.75));
    parameters[3](rng, nullptr, value);
    seen["whole"].insert(value);
    parameters[4](rng, nullptr, value);
    seen["word"].insert(value);
  }
  CHECK(seen["id_of"] == std::set<std::string>{"1", "2", "3"});
  CHECK(seen["rank"] == std::set<std::string>{"10", "11", "12"});
  CHECK(seen["whole"] == std::set<std::string>{"1", "2", "3"});
  CHECK(seen["word"] == std::set<std::string>{"a", "2", "true", "1.5"});
}

TEST_CASE("a task that does not fit the resources is refused in one line") {
  const auto [toml, message] = GENERATE(table<std::string, std::string>({
      {task("do = \"list\"\nresource = \"order\""),
       "task 'list order' works on order, which is not served (resources: orders, seen)"},
      {task("do = \"list\""),
       "task 'list' names no resource, and there are no items: give it one of orders, seen"},
      {task("do = \"create\"\nresource = \"seen\""), "task 'create seen': seen cannot create: the table"},
      {task("do = \"create\"\nresource = \"orders\"\nbody = '{\"customer\": \"x\"}'"),
       "task 'create orders': its body, as {\"customer\": \"x\"}: customer must be an integer"},
      {task("do = \"create\"\nresource = \"orders\"\nbody = '{'"), "task 'create orders': its body, as {: "},
      {task("do = \"request\"\nmethod = \"GET\"\npath = \"/{n}\"\nparams.n = { column = \"nowhere.id\" }"),
       "task 'GET /{n}': parameter n: nowhere.id has no values"},
      {"existing_items = 5\n" + task("do = \"list\"\nresource = \"orders\""),
       "existing_items: makes items, and no task works on items"},
  }));
  CAPTURE(toml);
  const auto material = material_of(toml);
  REQUIRE(material.has_error());
  CHECK_THAT(material.error().message, Catch::StartsWith(message));
  CHECK(material.error().message.find('\n') == std::string::npos);
}

TEST_CASE("a resource without rows needs a task that creates some") {
  auto empty = some_rows();
  empty.rows["\"orders\".id"].clear();
  const auto get = task("do = \"get\"\nresource = \"orders\"");
  CHECK(material_of(get, empty).error().message == "orders has no rows, and no task creates some");
  CHECK(material_of(get + task("do = \"create\"\nresource = \"orders\""), empty).has_value());
  empty.rows["\"customers\".id"].clear();
  CHECK(material_of(task("do = \"create\"\nresource = \"orders\""), empty).error().message ==
        "task 'create orders': column customer refers to customers, which has no rows: give the task a body");
}
