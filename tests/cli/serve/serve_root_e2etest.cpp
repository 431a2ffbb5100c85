#include <grp.h>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <fstream>
#include <sstream>

#include "helpers/http_client.hpp"
#include "helpers/processes.hpp"
#include "helpers/server_process.hpp"
#include "helpers/shared_cluster.hpp"
#include "helpers/sql_session.hpp"

using namespace troupe::tests;
using Catch::Contains;

namespace {

bool am_root() {
  if (::geteuid() == 0) return true;
  WARN("only root can become another user: not tested");
  return false;
}

/// The ids of a process and of each of its threads: real, effective, saved, of the file system.
std::vector<std::string> ids_of(pid_t pid, const std::string& field) {
  std::vector<std::string> found;
  for (const pid_t thread : threads_of(pid)) {
    std::ifstream status("/proc/" + std::to_string(pid) + "/task/" + std::to_string(thread) + "/status");
    for (std::string line; std::getline(status, line);)
      if (line.starts_with(field + ":")) found.push_back(line.substr(field.size() + 2));
  }
  return found;
}

std::string all_four(unsigned id) {
  const auto text = std::to_string(id);
  return text + "\t" + text + "\t" + text + "\t" + text;
}

/// Who owns `path`.
unsigned owner_of(const std::string& path) {
  struct stat entry {};
  REQUIRE(::stat(path.c_str(), &entry) == 0);
  return entry.st_uid;
}

}  // namespace

TEST_CASE("a server that root started is not root, stops its cluster and starts it again", "[e2e]") {
  if (!am_root()) return;
  ServerProcess server;
  const auto user = owner_of("/proc/" + std::to_string(server.postmaster()));
  CHECK(user != 0);
  const auto users = ids_of(server.pid(), "Uid"), groups = ids_of(server.pid(), "Gid");
  CHECK(users == std::vector(users.size(), all_four(user)));
  CHECK(groups == std::vector(groups.size(), groups.front()));
  CHECK(groups.front() != all_four(0));
  CHECK_THAT(server.log(), Contains("root no more"));
  CHECK(SqlSession(server.conninfo()).value("SELECT rolsuper FROM pg_roles WHERE rolname = current_user") ==
        "f");

  const auto postmaster = server.postmaster();
  ::kill(postmaster, SIGKILL);
  REQUIRE(eventually([&] { return server.postmaster() != 0 && server.postmaster() != postmaster; }));
  HttpClient client(server.port());
  REQUIRE(eventually([&] { return PQping(server.conninfo().c_str()) == PQPING_OK; }));
  CHECK(eventually([&] { return client.ask("GET", "/health/ready").status == 200; }));

  const auto last = server.postmaster();
  const auto conninfo = server.conninfo();
  const auto directory = conninfo.substr(5, conninfo.find(' ') - 5);
  CHECK(server.stop() == 0);
  CHECK_FALSE(is_alive(last));
  CHECK_FALSE(std::filesystem::exists(directory));
}

TEST_CASE("server.user says who root becomes: another user, root itself, nobody that there is not", "[e2e]") {
  if (!am_root()) return;
  const auto url = url_of(shared_cluster().conninfo());
  const auto* cluster_user =
      ::getpwuid(owner_of("/proc/" + std::to_string(shared_cluster().postmaster_pid())));
  REQUIRE(cluster_user != nullptr);
  const std::string name = cluster_user->pw_name;
  const auto id = cluster_user->pw_uid;
  ServerProcess other({"--database-url", url, "--run-as", name});
  CHECK(ids_of(other.pid(), "Uid").front() == all_four(id));
  ServerProcess root({"--database-url", url, "--run-as", "root"});
  CHECK(ids_of(root.pid(), "Uid").front() == all_four(0));

  struct Row {
    std::vector<std::string> arguments;
    int code;
    std::string told;
  };
  const auto row = GENERATE_COPY(values<Row>({
      {{"--database-url", url, "--run-as", "no-such-user"}, 2, "server.user is \"no-such-user\""},
      {{"--run-as", "daemon"}, 2, "the embedded PostgreSQL runs as "},
      // Its socket is in a directory that only the cluster's user and root may enter.
      {{"--database-url", url, "--run-as", "daemon"}, 3, "cannot be reached as the system's user daemon"},
  }));
  Launch launch{{"serve", "--port", "0"}};
  launch.arguments.insert(launch.arguments.end(), row.arguments.begin(), row.arguments.end());
  const auto refused = run_troupe(launch);
  CHECK(refused.code == row.code);
  CHECK_THAT(refused.err, Contains(row.told));
}

TEST_CASE("who does not exist is told before a cluster is made for them", "[e2e]") {
  if (!am_root()) return;
  const TemporaryDirectory directory;
  const auto data = directory.path() / "data";
  const auto refused =
      run_troupe({.arguments = {"serve", "--run-as", "nobody-here", "--data-dir", data.string()}});
  CHECK(refused.code == 2);
  CHECK_THAT(refused.err, Contains("server.user is \"nobody-here\": there is no such user"));
  CHECK_FALSE(std::filesystem::exists(data));
}

TEST_CASE("a settings file that only root may read is told at SIGHUP, and the server goes on", "[e2e]") {
  if (!am_root()) return;
  const TemporaryDirectory directory;
  const auto file = (directory.path() / "troupe.toml").string();
  std::ofstream(file) << "[log]\nlevel = \"info\"\n";
  std::filesystem::permissions(file, std::filesystem::perms(0600));
  ServerProcess server({"--config", file});
  server.process().signal(SIGHUP);
  CHECK(eventually([&] { return server.log().find("nothing was changed") != std::string::npos; }));
  CHECK_THAT(server.log(), Contains("Permission denied"));
  HttpClient client(server.port());
  CHECK(client.ask("GET", "/health/ready").status == 200);
}
