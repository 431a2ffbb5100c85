#include <boost/json/object.hpp>
#include <catch2/catch.hpp>

#include "helpers/items_client.hpp"
#include "helpers/server_process.hpp"
#include "helpers/sql_session.hpp"

using namespace troupe::tests;
namespace json = boost::json;

// PostgreSQL keeps a prepared statement's plan until statistics come in, which autovacuum brings once a
// minute.
TEST_CASE("a plan made for a tiny table is not kept when the table has grown", "[e2e]") {
  ServerProcess server({"--pool-size", "1", "--replan-interval", "1ms"});
  SqlSession sql(server.conninfo());
  ItemsClient client(server.port());
  const json::value item = {{"name", "x"}, {"price", 1.5}};
  sql.run("ANALYZE items");
  const auto id = client.post(item).id();
  const auto update = [&](int times) {
    for (int n = 0; n < times; ++n) CHECK(client.patch(id, item).status() == 200);
  };
  update(20);  // by now PostgreSQL would have settled for a plan
  sql.run("INSERT INTO items (name, price, in_stock) SELECT 'y', 1, true FROM generate_series(1, 50000)");
  update(100);
  // A session hands in what it counted when it has been idle for a moment.
  const std::string counters = " FROM pg_stat_user_tables WHERE relname = 'items'";
  REQUIRE(eventually([&] { return sql.value("SELECT n_tup_upd >= 120" + counters) == "t"; }));
  CHECK(std::stol(sql.value("SELECT seq_tup_read" + counters)) < 50'000);
}
