#include <boost/json/object.hpp>
#include <catch2/catch.hpp>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <string>

#include "helpers/items_client.hpp"
#include "helpers/processes.hpp"
#include "helpers/server_process.hpp"
#include "helpers/sql_session.hpp"

using namespace troupe::tests;
using namespace std::chrono_literals;
namespace fs = std::filesystem;
namespace json = boost::json;

namespace {

const json::value item = {{"name", "kept"}, {"description", nullptr}, {"price", 1.5}, {"in_stock", true}};

/// Where an embedded cluster keeps what must not be left behind.
struct Traces {
  pid_t postmaster;
  fs::path runtime, data;

  explicit Traces(const ServerProcess& server) : postmaster(server.postmaster()) {
    const auto words = command_line(postmaster);
    for (std::size_t i = 0; i + 1 < words.size(); ++i) {
      if (words[i] == "-k") runtime = words[i + 1];
      if (words[i] == "-D") data = words[i + 1];
    }
    REQUIRE(fs::exists(runtime));
    REQUIRE(fs::exists(data));
  }
};

bool one_line(const std::string& text) {
  return text.starts_with("troupe: ") && text.find('\n') == text.size() - 1;
}

bool refuses_connections(std::uint16_t port) {
  try {
    HttpClient client(port);
    return false;
  } catch (const std::runtime_error&) {
    return true;
  }
}

}  // namespace

TEST_CASE("SIGTERM and Ctrl-C let a running request finish, exit 0 and leave nothing behind", "[e2e]") {
  const int signal = GENERATE(SIGTERM, SIGINT);
  ServerProcess server({"--pool-size", "1", "--request-timeout", "60s", "--shutdown-timeout", "60s"});
  const Traces traces(server);
  ItemsClient client(server.port()), idle(server.port());
  CHECK(idle.get("/health/live").status() == 200);
  SqlSession lock(server.conninfo());
  lock.run("BEGIN; LOCK TABLE items IN ACCESS EXCLUSIVE MODE");
  client.http().send(client.text("POST", "/items/", &item));
  REQUIRE(eventually([&] { return metric(server.port(), "troupe_database_in_flight{actor=\"0\"}") == 1; }));

  // The terminal sends Ctrl-C to the whole process group; PostgreSQL must not end before troupe is done with
  // it.
  kill(-server.pid(), signal);
  CHECK(eventually([&] { return refuses_connections(server.port()); }));
  CHECK(idle.http().closed_by_peer());
  CHECK_FALSE(server.process().exit_code());
  lock.run("ROLLBACK");
  const auto answer = client.read();
  CHECK(answer.status() == 201);
  CHECK(answer.http.field("Connection") == "close");
  CHECK(client.http().closed_by_peer());
  CHECK(server.process().finish().code == 0);
  CHECK_FALSE(is_alive(traces.postmaster));
  CHECK_FALSE(fs::exists(traces.runtime));
  CHECK_FALSE(fs::exists(traces.data));
}

TEST_CASE("a request that does not end is waited for no longer than --shutdown-timeout", "[e2e]") {
  ServerProcess server({"--pool-size", "1", "--request-timeout", "60s", "--shutdown-timeout", "300ms"});
  const Traces traces(server);
  SqlSession lock(server.conninfo());
  lock.run("BEGIN; LOCK TABLE items IN ACCESS EXCLUSIVE MODE");
  HttpClient client(server.port());
  client.send(request_text("GET", "/items/"));
  REQUIRE(eventually([&] { return metric(server.port(), "troupe_database_in_flight{actor=\"0\"}") == 1; }));
  CHECK(server.stop() == 0);
  CHECK_FALSE(is_alive(traces.postmaster));
  CHECK_FALSE(fs::exists(traces.runtime));
}

TEST_CASE("a data directory keeps its items over stops, crashes and stale locks", "[e2e]") {
  const TemporaryDirectory directory;
  const std::vector<std::string> arguments = {"--data-dir", directory.path() / "data"};
  std::int64_t first = 0, second = 0;
  {
    ServerProcess server(arguments);
    ItemsClient client(server.port());
    first = client.post(item).id();
    CHECK(server.stop() == 0);
  }
  {
    ServerProcess server(arguments);
    ItemsClient client(server.port());
    CHECK(client.item(first).value == with_id(first, item));
    second = client.post(item).id();
    CHECK(second > first);
    const Traces traces(server);
    server.crash();
    CHECK(eventually([&] { return !is_alive(traces.postmaster); }));  // it does not outlive troupe
  }
  {
    // PostgreSQL's own lock file, naming a process that lives and is not PostgreSQL.
    const auto stale = directory.path() / "data" / "postmaster.pid";
    std::ofstream(stale) << "1\n" << (directory.path() / "data").string() << "\n0\n5432\n/nowhere\n\n";
    ServerProcess server(arguments);
    ItemsClient client(server.port());
    CHECK(client.item(first).value == with_id(first, item));
    CHECK(client.item(second).value == with_id(second, item));
    server.crash();
  }
  // At once: the postmaster of the crashed run may still be shutting down.
  ServerProcess server(arguments);
  CHECK(ItemsClient(server.port()).item(second).status() == 200);
  CHECK(server.stop() == 0);
  CHECK(fs::exists(directory.path() / "data" / "PG_VERSION"));
}

TEST_CASE("two servers do not share a data directory: the second one says who has it", "[e2e]") {
  const TemporaryDirectory directory;
  const std::vector<std::string> arguments = {"--data-dir", directory.path() / "data"};
  ServerProcess server(arguments);
  const auto refused = run_troupe({{"serve", "--port", "0", "--data-dir", directory.path() / "data"}});
  CHECK(refused.code == 2);
  CHECK(one_line(refused.err));
  CHECK(refused.err.find("process id " + std::to_string(server.pid())) != std::string::npos);
  CHECK(ItemsClient(server.port()).post(item).status() == 201);
}

TEST_CASE("a server stopped while it starts leaves nothing behind", "[e2e]") {
  TroupeProcess process({{"serve", "--port", "0"}});
  const std::string prefix = "/tmp/troupe-";
  std::string directory;
  const auto initialising = [&] {
    for (const pid_t child : children_of(process.pid())) {
      for (const auto& word : command_line(child)) {
        const auto at = word.find(prefix);
        if (at != std::string::npos) directory = word.substr(at, prefix.size() + 6);
      }
    }
    return !directory.empty();
  };
  REQUIRE(eventually(initialising));
  process.signal(SIGTERM);
  CHECK(process.finish().code == 0);
  CHECK_FALSE(fs::exists(directory));
}

TEST_CASE("a port in use is one line and exit 1", "[e2e]") {
  ServerProcess server;
  const Traces traces(server);
  const auto refused = run_troupe(
      {{"serve", "--port", std::to_string(server.port()), "--database-url", url_of(server.conninfo())}});
  CHECK(refused.code == 1);
  CHECK(refused.out.empty());
  CHECK(one_line(refused.err));
  CHECK(refused.err.find("127.0.0.1:" + std::to_string(server.port())) != std::string::npos);
}

TEST_CASE("a PostgreSQL that cannot be reached is one line without the password, and exit 3", "[e2e]") {
  const auto url =
      GENERATE("postgresql://me:hunter2@127.0.0.1:1/db", "postgresql:///db?host=/nowhere&password=hunter2",
               "postgresql://me:hunter2@no-such-host.invalid/db");
  const auto by_flag = GENERATE(true, false);
  Launch launch{{"serve", "--port", "0", "--connect-timeout", "3s"}};
  if (by_flag) {
    launch.arguments.insert(launch.arguments.end(), {"--database-url", url});
  } else {
    launch.environment["DATABASE_URL"] = url;
  }
  const auto refused = run_troupe(launch);
  CHECK(refused.code == 3);
  CHECK(refused.out.empty());
  CHECK(one_line(refused.err));
  CHECK(refused.err.find("hunter2") == std::string::npos);
  CHECK_THAT(refused.err, Catch::Contains(by_flag ? "(database.url: flag --database-url;"
                                                  : "(database.url: environment DATABASE_URL;"));
}

TEST_CASE("a wrong setting is one line that names it, and exit 2, wherever it was set", "[e2e]") {
  static const TemporaryDirectory directory;
  const auto file = (directory.path() / "troupe.toml").string();
  std::ofstream(file) << "[server]\nport = 0\n[workers]\ncount = \"many\"\n";
  struct Row {
    Launch launch;
    std::string names;
  };
  const auto row = GENERATE_COPY(values<Row>({
      {{{"serve", "--prot", "1"}}, "--port"},
      {{{"serve", "--port", "70000"}}, "server.port"},
      {{{"serve", "--batching", "sometimes"}}, "coalesce"},
      {{{"serve"}, {{"TROUPE_SERVER_PORT", "x"}}}, "TROUPE_SERVER_PORT"},
      {{{"serve"}, {{"TROUPE_SERVER_PROT", "1"}}}, "TROUPE_SERVER_PROT"},
      {{{"serve", "--config", file}}, file + ":4"},
      {{{"serve", "--config", "/nowhere.toml"}}, "/nowhere.toml"},
  }));
  const auto refused = run_troupe(row.launch);
  CHECK(refused.code == 2);
  CHECK(refused.out.empty());
  CHECK(one_line(refused.err));
  CHECK(refused.err.find(row.names) != std::string::npos);
}

TEST_CASE("flags win over the environment, which wins over the file", "[e2e]") {
  const TemporaryDirectory directory;
  const auto file = (directory.path() / "troupe.toml").string();
  std::ofstream(file) << "[workers]\ncount = 3\n[database]\npool_size = 3\nbatching = \"off\"\n";
  ServerProcess server(
      Launch{{"--config", file, "--pool-size", "1"},
             {{"TROUPE_DATABASE_POOL_SIZE", "2"}, {"TROUPE_DATABASE_BATCHING", "pipeline"}}});
  CHECK_THAT(server.ready_line(),
             Catch::Contains("(3 workers with ") &&
                 Catch::Contains(", 1 connection to embedded PostgreSQL, batching pipeline)"));
}

TEST_CASE("SIGHUP reads the settings again: the log's level changes, the rest is told to need a restart",
          "[e2e]") {
  const TemporaryDirectory directory;
  const auto config = (directory.path() / "troupe.toml").string();
  std::ofstream(config) << "[log]\nlevel = \"info\"\n";
  ServerProcess server(std::vector<std::string>{"--config", config});
  std::ofstream(config) << "[log]\nlevel = \"info\"\n[server]\nmax_connections = 77\n";
  server.process().signal(SIGHUP);
  CHECK(eventually([&] {
    return server.log().find("server.max_connections is another one now: it needs a restart") !=
           std::string::npos;
  }));
  std::ofstream(config) << "[log]\nlevel = \"nonsense\"\n";
  server.process().signal(SIGHUP);
  CHECK(eventually([&] { return server.log().find("SIGHUP: nothing was changed") != std::string::npos; }));
  CHECK_FALSE(server.process().exit_code());
}
