// Rows that PostgreSQL refuses, in transactions that many share: everybody is told, and gets, what they would
// have alone.
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <catch2/catch.hpp>
#include <random>
#include <string>
#include <vector>

#include "helpers/items_client.hpp"
#include "helpers/parallel.hpp"
#include "helpers/server_process.hpp"
#include "helpers/shared_cluster.hpp"
#include "helpers/sql_session.hpp"

using namespace troupe::tests;
namespace json = boost::json;

namespace {

constexpr int clients = 32, requests_each = 30;

// What only PostgreSQL finds: checks of one column and of two, two kinds of unique, a foreign key.
std::string table_sql(const std::string& name) {
  return "CREATE TABLE " + name +
         " (code text PRIMARY KEY, name text NOT NULL UNIQUE, amount int CHECK (amount >= 0), "
         "most int, kind int REFERENCES kinds, CHECK (amount <= most)); ";
}

struct Request {
  std::string method, key;  ///< the key is empty for a POST
  json::value body;
};

/// What one client does. Its keys and names are its own, so that the outcome of each request depends on its
/// own earlier ones only, whatever others do meanwhile.
class Story {
 public:
  Story(std::uint64_t seed, int client)
      : random_(seed * 1'000 + static_cast<std::uint64_t>(client)),
        own_("c" + std::to_string(client) + "-") {}

  std::vector<Request> requests() {
    std::vector<Request> all;
    for (int number = 0; number < requests_each; ++number) all.push_back(next());
    return all;
  }

 private:
  int upto(int most) { return std::uniform_int_distribution<int>(0, most)(random_); }
  bool one_of(int many) { return upto(many - 1) == 0; }
  std::string code() { return own_ + "code" + std::to_string(upto(5)); }

  json::object change() {
    json::object body;
    if (one_of(2)) body["name"] = own_ + "name" + std::to_string(upto(5));
    if (one_of(2)) body["amount"] = one_of(5) ? -1 : upto(9);
    if (one_of(3)) body["most"] = upto(12);
    if (one_of(4)) body["kind"] = upto(3);  // 3 is no kind
    if (one_of(25)) body["name"] = nullptr;
    return body;
  }

  json::object row() {
    json::object body = change();
    body["code"] = code();
    if (!one_of(25)) body.emplace("name", own_ + "name" + std::to_string(upto(5)));
    return body;
  }

  Request next() {
    const int which = upto(9);
    if (which < 4) return {"POST", "", row()};
    if (which == 4) return {"POST", "", json::array{row(), row()}};
    if (which < 8) return {"PATCH", code(), change()};
    if (which == 8) return {"PUT", code(), row()};
    return {"DELETE", code(), nullptr};
  }

  std::mt19937_64 random_;
  std::string own_;
};

/// The answers: status, and what a good one holds.
std::vector<std::string> play(std::uint16_t port, const std::string& table,
                              const std::vector<Request>& story) {
  std::vector<std::string> told;
  ItemsClient client(port);
  for (const auto& request : story) {
    const auto path = "/" + table + "/" + request.key;
    const auto* body = request.body.is_null() ? nullptr : &request.body;
    client.http().send(client.text(request.method, path, body));
    const auto answer = client.read();
    told.push_back(request.method + " " + request.key + " " + json::serialize(request.body) + " -> " +
                   std::to_string(answer.status()) + (answer.status() < 300 ? answer.http.body : ""));
  }
  return told;
}

/// The first answer that differs, as both.
std::string difference(const std::vector<std::string>& together, const std::vector<std::string>& alone) {
  for (std::size_t each = 0; each < alone.size(); ++each)
    if (together[each] != alone[each]) return "together: " + together[each] + "\n   alone: " + alone[each];
  return {};
}

ServerProcess serve(const std::string& conninfo, const std::vector<std::string>& flags,
                    const std::string& options = {}) {
  Launch launch{{"--database-url", url_of(conninfo), "--resources", "auto"}};
  launch.arguments.insert(launch.arguments.end(), flags.begin(), flags.end());
  if (!options.empty()) launch.environment["PGOPTIONS"] = options;
  return ServerProcess(launch);
}

void compare(std::uint64_t first_seed, std::uint64_t seeds, const std::string& lanes) {
  const auto conninfo = fresh_database();
  SqlSession sql(conninfo);
  sql.run("CREATE TABLE kinds (id int PRIMARY KEY); INSERT INTO kinds VALUES (0), (1), (2); " +
          table_sql("together") + table_sql("alone"));
  auto many = serve(conninfo, {"--pool-size", "4", "--lanes", lanes});
  // Nobody needs to wait for the disk where nothing is shared.
  auto single = serve(conninfo, {"--pool-size", "1", "--batching", "off"}, "-c synchronous_commit=off");
  int refused = 0;
  for (auto seed = first_seed; seed < first_seed + seeds; ++seed) {
    CAPTURE(seed, lanes);
    sql.run("TRUNCATE together, alone");
    const auto together = in_parallel(
        clients, [&](int client) { return play(many.port(), "together", Story(seed, client).requests()); });
    for (int client = 0; client < clients; ++client) {
      const auto alone = play(single.port(), "alone", Story(seed, client).requests());
      CAPTURE(client);
      CHECK(difference(together[static_cast<std::size_t>(client)], alone) == "");
      for (const auto& told : alone)
        if (told.find("-> 409") != std::string::npos || told.find("-> 422") != std::string::npos) ++refused;
    }
    const auto rows = [&](const std::string& table) {
      return sql.run("SELECT * FROM " + table + " ORDER BY code");
    };
    CHECK(rows("together") == rows("alone"));
    CHECK(rows("alone").size() > clients / 2);
  }
  // Else the stories were too good to show anything.
  CHECK(refused > static_cast<int>(seeds) * clients * requests_each / 10);
  const auto count = [&](const std::string& what) {
    double sum = 0;
    for (const auto* actor : {"0", "1", "2", "3"})
      sum += metric(many.port(), "troupe_database_" + what + "_total{actor=\"" + actor + "\"}");
    return sum;
  };
  UNSCOPED_INFO(count("commands") << " commands in " << count("statements") << " statements");
  CHECK(count("commands") > count("statements"));
}

}  // namespace

TEST_CASE("writes that share commits with bad rows are answered and stored as they would be alone", "[e2e]") {
  compare(1, 1, "auto");
  compare(11, 1, "shared");
}

TEST_CASE("writes that share commits with bad rows, seed after seed, are as they would be alone",
          "[.][e2e][nightly]") {
  compare(1'000, 40, GENERATE("auto", "shared"));
}
