#include "schema/file/resource_file.hpp"

#include <catch2/catch.hpp>

#include "schema/file/apply_entry.hpp"
#include "schema/file/declared_table.hpp"
#include "schema/file/items_resource.hpp"
#include "schema/settle.hpp"

using namespace troupe;
using namespace troupe::schema;

namespace {

Column column(const std::string& name, TypeKind kind, const std::string& type, bool nullable = true) {
  Column made{name, {kind, type, type}};
  made.nullable = nullable;
  return made;
}

/// What the catalogue would say of a table.
Resource orders() {
  Resource resource;
  resource.name = "orders";
  resource.path = "/orders/";
  resource.table = R"("shop"."orders")";
  resource.columns = {column("id", TypeKind::integer, "bigint", false),
                      column("total", TypeKind::numeric, "numeric", false),
                      column("note", TypeKind::text, "text"), column("done", TypeKind::boolean, "boolean")};
  resource.columns[0].has_default = true;
  resource.columns[0].writable = false;
  resource.key = {0};
  return resource;
}

std::string fault_of(const std::string& text) {
  const auto file = parse_resource_file(text, "shop.toml");
  return file ? "" : file.error().message;
}

Result<Resource> applied(const std::string& text) {
  const auto file = parse_resource_file(text, "shop.toml");
  INFO((file ? "" : file.error().message));
  REQUIRE(file.has_value());
  return apply(file->resources.at(0), orders(), file->file);
}

}  // namespace

TEST_CASE("a resource file narrows what the catalogue says") {
  const auto resource = applied(R"([resource.sales]
table = "shop.orders"
path = "v1/sales"
methods = ["list", "read", "change"]
hide = ["done"]
read_only = ["note"]
timeout = "2s"
require_match = true
singular = "sale"
[resource.sales.columns.total]
min = 0.5
max = 1000
as = "string"
[resource.sales.columns.note]
max_length = 20
pattern = "[a-z]*"
[resource.sales.list]
filters = ["total"]
orders = ["id", "total"]
default_limit = 10
max_limit = 50
)");
  REQUIRE(resource.has_value());
  CHECK(resource->name == "sales");
  CHECK(resource->path == "/v1/sales/");
  CHECK(resource->singular == "sale");
  CHECK(resource->methods.change);
  CHECK_FALSE(resource->methods.create);
  CHECK(resource->columns.size() == 3);
  CHECK(resource->timeout == std::chrono::seconds{2});
  CHECK(resource->require_match);
  CHECK(resource->columns[1].rules.min == "0.5");
  CHECK(resource->columns[1].rules.max == "1000");
  CHECK(resource->columns[1].as_string);
  CHECK(resource->columns[2].rules.max_length == 20);
  CHECK(resource->columns[2].rules.pattern);
  CHECK_FALSE(resource->columns[2].writable);
  CHECK(resource->filters == std::vector<std::string>{"total"});
  CHECK(resource->orders->size() == 2);
  CHECK(resource->default_limit == 10);
  CHECK(resource->max_limit == 50);
  CHECK_FALSE(resource->client_key);
  CHECK(resource->updatable() == std::vector<std::size_t>{1});
}

TEST_CASE("a resource file may be as short as a name") {
  const auto resource = applied("[resource.orders]\n[resource.orders.list]\nmax_limit = 5");
  REQUIRE(resource.has_value());
  CHECK(resource->path == "/orders/");
  CHECK(resource->default_limit == 5);
}

TEST_CASE("a fault in a resource file is one line with file, line and what is meant") {
  struct Fault {
    std::string text;
    std::string said;
  };
  const auto fault = GENERATE(
      Fault{"[resource.a", "shop.toml:1: not valid TOML"},
      Fault{"", "shop.toml:1: there is no resource in it"},
      Fault{"[resources.a]",
            "shop.toml:1: resources: unknown key (allowed: resource, query); did you mean resource?"},
      Fault{"[resource]\na = 1", "shop.toml:2: resource.a: must be a table"},
      Fault{"[resource.a]\ntimeuot = \"2s\"", "shop.toml:2: resource.a.timeuot: unknown key"},
      Fault{"[resource.a]\ntimeuot = \"2s\"", "did you mean timeout?"},
      Fault{"[resource.a]\ntimeout = \"0\"", "shop.toml:2: resource.a.timeout: must be more than 0"},
      Fault{"[resource.a]\ntimeout = 2", "shop.toml:2: resource.a.timeout: must be a text in quotes"},
      Fault{"[resource.a]\ntable = \"a.b.c\"", "shop.toml:2: resource.a.table: \"a.b.c\" is no table's name"},
      Fault{"[resource.a]\npath = \"/a b/\"", "shop.toml:2: resource.a.path: \"/a b/\" must be one or more"},
      Fault{"[resource.a]\npath = \"/a/../b\"", "shop.toml:2: resource.a.path"},
      Fault{"[resource.a]\npath = \"/\"", "shop.toml:2: resource.a.path"},
      Fault{"[resource.a]\nmethods = [\"raed\"]",
            "shop.toml:2: resource.a.methods: 'raed' is not one of list"},
      Fault{"[resource.a]\nhide = \"x\"", "shop.toml:2: resource.a.hide: must be an array"},
      Fault{"[resource.a]\nhide = [\"x\",\n1]", "shop.toml:3: resource.a.hide: must hold texts"},
      Fault{"[resource.a]\nhide = [\"x\", \"x\"]", "shop.toml:2: resource.a.hide: names x twice"},
      Fault{"[resource.a]\nkey = []", "shop.toml:2: resource.a.key: must name a column"},
      Fault{"[resource.a]\nrequire_match = 1",
            "shop.toml:2: resource.a.require_match: must be true or false"},
      Fault{"[resource.a]\n[resource.a.columns.b]\npattern = \"(\"",
            "shop.toml:3: resource.a.columns.b.pattern: missing )"},
      Fault{"[resource.a.columns.b]\nmin = \"1\"", "shop.toml:2: resource.a.columns.b.min: must be a number"},
      Fault{"[resource.a.columns.b]\nmin = 2\nmax = 1",
            "shop.toml:2: resource.a.columns.b.min: must not be more"},
      Fault{"[resource.a.columns.b]\nmin_length = -1",
            "shop.toml:2: resource.a.columns.b.min_length: must be from 0"},
      Fault{"[resource.a.columns.b]\nas = \"text\"",
            "shop.toml:2: resource.a.columns.b.as: 'text' is not one of"},
      Fault{"[resource.a.columns.b]\ntype = \"text\"",
            "shop.toml:2: resource.a.columns.b.type: is only for create"},
      Fault{"[resource.a]\ncreate = true", "shop.toml:2: resource.a.create: needs columns"},
      Fault{"[resource.a]\ncreate = true\n[resource.a.columns.b]\ntype = \"int\"",
            "shop.toml:4: resource.a.columns.b.type: 'int' is not one of bigint"},
      Fault{"[resource.a]\ncreate = true\n[resource.a.columns.b]\nkey = true",
            "resource.a.columns.b.type: is missing"},
      Fault{"[resource.a.list]\nmax_limit = 0", "shop.toml:2: resource.a.list.max_limit: must be from 1"},
      Fault{"[resource.a.list]\ndefault_limit = 9\nmax_limit = 8",
            "shop.toml:2: resource.a.list.default_limit: must not be more than max_limit"},
      Fault{"[resource.a]\npath = \"/x/\"\n[resource.b]\npath = \"x\"",
            "shop.toml:3: resource \"b\": its path /x/ is that of resource \"a\" (line 1)"});
  CAPTURE(fault.text);
  const auto said = fault_of(fault.text);
  CHECK_THAT(said, Catch::Contains(fault.said));
  CHECK(said.find('\n') == std::string::npos);
}

TEST_CASE("what does not go with the table is one line with file, line and what there is") {
  struct Fault {
    std::string text;
    std::string said;
  };
  const auto fault = GENERATE(
      Fault{
          "[resource.orders.columns.totl]\nmin = 1",
          R"(shop.toml:1: resource "orders": there is no column "totl" in "shop"."orders"; it has id, total, note, done; did you mean total?)"},
      Fault{"[resource.orders]\nhide = [\"nothing\"]",
            R"(shop.toml:2: resource "orders": there is no column "nothing")"},
      Fault{"[resource.orders]\nkey = [\"idd\"]", "did you mean id?"},
      Fault{"[resource.orders.list]\norders = [\"x\"]",
            R"(shop.toml:2: resource "orders": there is no column "x")"},
      Fault{"[resource.orders.columns.note]\nmin = 1", "min is for numbers, and column note is text"},
      Fault{"[resource.orders.columns.id]\nmin_length = 1",
            "min_length is for texts, and column id is bigint"},
      Fault{"[resource.orders.columns.done]\nas = \"string\"", "and column done is boolean"},
      Fault{"[resource.orders]\nhide = [\"id\"]", "hide cannot name id: it is of the key"},
      Fault{"[resource.orders]\nread_only = [\"total\"]",
            "shop.toml:2: resource \"orders\": read_only cannot name total"});
  CAPTURE(fault.text);
  const auto resource = applied(fault.text);
  REQUIRE(resource.has_error());
  CHECK_THAT(resource.error().message, Catch::Contains(fault.said));
}

TEST_CASE("methods that the database does not allow are refused by naming those that it does") {
  auto table = orders();
  table.key.clear();
  const auto file = parse_resource_file("[resource.orders]\nmethods = [\"read\"]", "shop.toml").value();
  const auto resource = apply(file.resources[0], table, file.file);
  REQUIRE(resource.has_error());
  CHECK(resource.error().message ==
        "shop.toml:2: resource \"orders\": methods cannot name read: possible with \"shop\".\"orders\", "
        "which has "
        "no key, is list or create");
}

TEST_CASE("who chooses a key follows from its defaults") {
  struct Key {
    TypeKind kind;
    std::string default_sql;
    bool has_default, composite, clients;
  };
  const auto key = GENERATE(
      Key{TypeKind::integer, "", false, false, true}, Key{TypeKind::integer, "", true, false, false},
      Key{TypeKind::integer, "nextval('a'::regclass)", true, true, false},
      Key{TypeKind::integer, "next_id()", true, false, false}, Key{TypeKind::integer, "1", true, true, true},
      Key{TypeKind::uuid, "gen_random_uuid()", true, false, true},
      Key{TypeKind::text, "", false, false, true});
  Resource resource = orders();
  resource.columns[0] = column("id", key.kind, "any", false);
  resource.columns[0].has_default = key.has_default;
  resource.columns[0].default_sql = key.default_sql;
  if (key.composite) resource.key = {1, 0};
  settle(resource);
  CHECK(resource.client_key == key.clients);
  CHECK(resource.columns[0].writable == key.clients);
}

TEST_CASE("the items that are built in are a resource like any other") {
  const auto entry = items_entry("shop.items");
  const auto resource = declared_resource(entry, "");
  REQUIRE(resource.has_value());
  CHECK(resource->table == R"("shop"."items")");
  CHECK(resource->path == "/items/");
  CHECK(resource->lenient);
  CHECK(resource->singular == "item");
  CHECK(resource->columns.size() == 5);
  CHECK_FALSE(resource->client_key);
  CHECK(resource->insertable() == std::vector<std::size_t>{1, 2, 3, 4});
  CHECK(resource->columns[1].required());
  CHECK_FALSE(resource->columns[4].required());
  CHECK(create_table_sql(entry, resource->table) ==
        "DO $troupe$BEGIN PERFORM pg_advisory_xact_lock(8391171123574124403); "
        "CREATE TABLE IF NOT EXISTS \"shop\".\"items\" (\"id\" bigint GENERATED BY DEFAULT AS IDENTITY, "
        "\"name\" text NOT NULL, \"description\" text, \"price\" double precision NOT NULL, "
        "\"in_stock\" boolean NOT NULL DEFAULT (true), PRIMARY KEY (\"id\")); END$troupe$");
}
