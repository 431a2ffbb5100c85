#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <functional>
#include <thread>

#include "postgres/cluster/child_process.hpp"
#include "postgres/cluster/embedded_cluster.hpp"
#include "postgres/cluster/postgres_processes.hpp"
#include "postgres/cluster/server_binaries.hpp"
#include "postgres/wire/blocking_session.hpp"

using namespace troupe;
using namespace troupe::postgres;
using namespace std::chrono_literals;
namespace fs = std::filesystem;

namespace {

/// A directory that everybody may enter, removed at the end. Under root the clusters in it belong to another
/// user.
class Scratch {
 public:
  Scratch() {
    std::string name = "/tmp/cluster-test-XXXXXX";
    path_ = mkdtemp(name.data());
    fs::permissions(path_, fs::perms(0755));
  }
  ~Scratch() { fs::remove_all(path_); }
  fs::path operator/(const char* name) const { return path_ / name; }

 private:
  fs::path path_;
};

Result<std::unique_ptr<EmbeddedCluster>> start_in(const fs::path& data_dir) {
  ClusterOptions options;
  options.data_dir = data_dir;
  return EmbeddedCluster::start(options);
}

std::int64_t ask(const std::string& conninfo, const std::string& sql) {
  auto session = BlockingSession::open(conninfo, 30s).value();
  const auto outcome = session.run(sql).value();
  if (const auto* error = std::get_if<StatementError>(&outcome)) FAIL(error->message);
  const Rows& rows = std::get<Rows>(outcome);
  return rows.count() > 0 ? rows.int8(0, 0) : 0;
}

bool becomes_true(const std::function<bool()>& condition, std::chrono::milliseconds patience = 10s) {
  const auto deadline = std::chrono::steady_clock::now() + patience;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    std::this_thread::sleep_for(5ms);
  }
  return true;
}

fs::path runtime_directory(const std::string& conninfo) {
  const auto start = conninfo.find("host=") + 5;
  return conninfo.substr(start, conninfo.find(' ') - start);
}

/// A process of the user that the clusters run as.
ChildProcess spawn(std::vector<std::string> arguments) {
  const FileDescriptor output(open("/dev/null", O_WRONLY | O_CLOEXEC));
  return ChildProcess::spawn({std::move(arguments), unprivileged_user().value(), output.get()}).value();
}

}  // namespace

TEST_CASE("a temporary cluster commits durably, and leaves nothing behind") {
  fs::path directory;
  int pid = 0;
  {
    const auto cluster = EmbeddedCluster::start({}).value();
    directory = runtime_directory(cluster->conninfo());
    pid = cluster->postmaster_pid();
    CHECK(fs::exists(directory));
    CHECK((fs::status(directory).permissions() & fs::perms(0077)) == fs::perms::none);
    CHECK(ask(cluster->conninfo(),
              "SELECT (current_setting('fsync') = 'on' AND current_setting('synchronous_commit') = 'on' AND "
              "current_setting('listen_addresses') = '' AND current_setting('server_encoding') = "
              "'UTF8')::int::int8") == 1);
  }
  CHECK_FALSE(fs::exists(directory));
  CHECK(kill(pid, 0) != 0);
}

TEST_CASE("a data directory is made with its parents and keeps its data") {
  const Scratch scratch;
  const fs::path data_dir = scratch / "not/yet/there";
  const fs::path socket_directory = [&] {
    const auto cluster = start_in(data_dir).value();
    ask(cluster->conninfo(), "CREATE TABLE kept AS SELECT 42::int8 AS n");
    return runtime_directory(cluster->conninfo());
  }();
  CHECK_FALSE(fs::exists(socket_directory));
  const auto cluster = start_in(data_dir).value();
  CHECK(ask(cluster->conninfo(), "SELECT n FROM kept") == 42);
}

TEST_CASE("a killed postmaster is back within a second or so, again and again, with what was committed") {
  const auto cluster = EmbeddedCluster::start({}).value();
  ask(cluster->conninfo(), "CREATE TABLE kept (n int8)");
  for (int round = 1; round <= 3; ++round) {
    ask(cluster->conninfo(), "INSERT INTO kept VALUES (1)");
    // A backend that is busy when its postmaster dies keeps the shared memory, in which no new server may
    // start.
    auto busy = Connection::start(cluster->conninfo()).value();
    while (busy.poll().value() != Connection::Waits::nothing) std::this_thread::sleep_for(1ms);
    Pipeline pipeline(std::move(busy));
    pipeline.send({"busy", "SELECT count(*) FROM generate_series(1, 1000000000)"}, {}, 1).value();
    pipeline.flush().value();
    std::this_thread::sleep_for(50ms);

    const int old = cluster->postmaster_pid();
    const auto begin = std::chrono::steady_clock::now();
    REQUIRE(kill(old, SIGKILL) == 0);
    REQUIRE(becomes_true([&] { return cluster->postmaster_pid() != old && cluster->postmaster_pid() != 0; },
                         20s));
    // Half a second on an idle machine; this is the bound for one that is busy with other tests.
    CHECK(std::chrono::steady_clock::now() - begin < 5s);
    CHECK(ask(cluster->conninfo(), "SELECT count(*) FROM kept") == round);
  }
}

TEST_CASE("two clusters cannot share a data directory, and the second one is told who has it") {
  const Scratch scratch;
  const auto first = start_in(scratch / "data").value();
  const auto second = start_in(scratch / "data");
  REQUIRE(second.has_error());
  CHECK(second.error().code == ErrorCode::invalid_argument);
  CHECK_THAT(second.error().message, Catch::Contains("process id " + std::to_string(getpid())));
  CHECK(ask(first->conninfo(), "SELECT 1::int8") == 1);
}

TEST_CASE("stale lock files stop nothing, even when their process id belongs to somebody else now") {
  const Scratch scratch;
  const fs::path data_dir = scratch / "data";
  start_in(data_dir).value().reset();
  const auto somebody = spawn({"/bin/sleep", "60"});
  const std::string pid = std::to_string(somebody.pid());
  std::ofstream(data_dir / "postmaster.pid") << pid << "\n"
                                             << data_dir.string() << "\n1\n5432\n/tmp/x\n\n 1 1\nready\n";
  std::ofstream(data_dir / "troupe.lock") << pid << "\n";
  const auto again = start_in(data_dir);
  INFO((again ? "" : again.error().message));
  CHECK(again.has_value());
  CHECK(somebody.running());
}

TEST_CASE("an orphaned server of ours is shut down first, a foreign one is left alone") {
  const Scratch scratch;
  const fs::path data_dir = scratch / "data";
  start_in(data_dir).value().reset();
  const bool ours = GENERATE(true, false);
  const Scratch elsewhere;
  const fs::path socket_directory = ours ? fs::path("/tmp/troupe-orphan") : elsewhere / "sockets";
  fs::create_directory(socket_directory);
  fs::permissions(socket_directory, fs::perms(0777));
  const auto server = find_server(server_search_path(), std::nullopt).value();
  auto orphan =
      spawn({server.postgres.string(), "-D", data_dir.string(), "-k", socket_directory.string(), "-h", ""});
  REQUIRE(becomes_true([&] { return fs::exists(socket_directory / ".s.PGSQL.5432"); }));

  {
    const auto cluster = start_in(data_dir);
    INFO((cluster ? "" : cluster.error().message));
    CHECK(cluster.has_value() == ours);
    if (!cluster)
      CHECK_THAT(cluster.error().message, Catch::Contains("process id " + std::to_string(orphan.pid())));
    CHECK((orphan.wait(0ms) == ChildProcess::Waited::ended) == ours);
  }
  orphan.signal(SIGINT);
  orphan.wait(10s);
  fs::remove_all(socket_directory);
}

TEST_CASE("an initialisation that was interrupted is done again or finished") {
  const Scratch scratch;
  const fs::path data_dir = scratch / "data";
  SECTION("in the middle of initdb") {
    fs::create_directories(data_dir / "troupe.initialising.1/base");
    std::ofstream(data_dir / "troupe.initialising.1/PG_VERSION") << "15\n";
  }
  SECTION("while its files were moved into place") {
    start_in(data_dir).value().reset();
    fs::create_directory(data_dir / "troupe.initialised");
    for (const char* name : {"PG_VERSION", "base", "global"})
      fs::rename(data_dir / name, data_dir / "troupe.initialised" / name);
  }
  const auto cluster = start_in(data_dir);
  INFO((cluster ? "" : cluster.error().message));
  REQUIRE(cluster.has_value());
  CHECK(ask((*cluster)->conninfo(), "SELECT 1::int8") == 1);
  for (const auto& entry : fs::directory_iterator(data_dir))
    CHECK_THAT(entry.path().filename().string(), !Catch::StartsWith("troupe.initiali"));
}

TEST_CASE("a data directory that cannot be used is refused in one line, and stays as it is") {
  const Scratch scratch;
  const fs::path data_dir = scratch / "data";
  std::string said;
  SECTION("it holds something else") {
    fs::create_directory(data_dir);
    std::ofstream(data_dir / "thesis.txt") << "text";
    fs::permissions(data_dir, fs::perms(0755));
    said = "neither empty nor a PostgreSQL cluster";
  }
  SECTION("it is a file") {
    std::ofstream(data_dir.string()) << "text";
    said = "not a directory";
  }
  SECTION("it is a cluster of another version") {
    fs::create_directory(data_dir);
    std::ofstream(data_dir / "PG_VERSION") << "9\n";
    said = "made by PostgreSQL 9";
  }
  const auto cluster = start_in(data_dir);
  REQUIRE(cluster.has_error());
  CHECK(cluster.error().code == ErrorCode::invalid_argument);
  CHECK_THAT(cluster.error().message, Catch::Contains(said));
  CHECK(cluster.error().message.find('\n') == std::string::npos);
  if (fs::exists(data_dir / "thesis.txt")) {
    struct stat entry {};
    REQUIRE(stat(data_dir.c_str(), &entry) == 0);
    CHECK(entry.st_uid == geteuid());
    CHECK((entry.st_mode & 0777) == 0755);
  }
}

TEST_CASE("under root, a data directory below a closed one is refused before anything is made") {
  if (geteuid() != 0) return;
  const Scratch scratch;
  fs::create_directory(scratch / "closed");
  fs::permissions(scratch / "closed", fs::perms(0700));
  const auto cluster = start_in(scratch / "closed/inner/data");
  REQUIRE(cluster.has_error());
  CHECK_THAT(cluster.error().message, Catch::Contains("may not enter " + (scratch / "closed").string()));
  CHECK_FALSE(fs::exists(scratch / "closed/inner"));
}

TEST_CASE("when the server gives up, the error carries its own last complaint") {
  const Scratch scratch;
  const fs::path data_dir = scratch / "data";
  start_in(data_dir).value().reset();
  std::ofstream(data_dir / "postgresql.conf", std::ios::app) << "work_mem = '1 elephant'\n";
  const auto cluster = start_in(data_dir);
  REQUIRE(cluster.has_error());
  CHECK_THAT(cluster.error().message, Catch::Contains("postgresql.conf") || Catch::Contains("work_mem"));
  CHECK(cluster.error().message.find('\n') == std::string::npos);
}

TEST_CASE("a start that takes too long ends in time and leaves nothing behind") {
  ClusterOptions options;
  options.start_timeout = 100ms;
  const auto begin = std::chrono::steady_clock::now();
  const auto cluster = EmbeddedCluster::start(options);
  REQUIRE(cluster.has_error());
  CHECK(cluster.error().code == ErrorCode::timed_out);
  CHECK(std::chrono::steady_clock::now() - begin < 10s);
}

TEST_CASE("a server that does not react is stopped all the same, in bounded time") {
  ClusterOptions options;
  options.stop_timeout = 500ms;
  auto cluster = EmbeddedCluster::start(options).value();
  const auto directory = runtime_directory(cluster->conninfo());
  REQUIRE(kill(cluster->postmaster_pid(), SIGSTOP) == 0);
  const auto begin = std::chrono::steady_clock::now();
  cluster.reset();
  CHECK(std::chrono::steady_clock::now() - begin < 8s);
  CHECK(postgres_processes_below(directory).empty());
  CHECK_FALSE(fs::exists(directory));
}

TEST_CASE("a process is killed together with its cluster", "[.killed_with_its_cluster]") {
  if (std::getenv("TROUPE_TEST_MAY_DIE") == nullptr) return;  // only as the child of the next test
  const auto cluster = EmbeddedCluster::start({}).value();
  std::ofstream("/dev/stdout") << cluster->conninfo() << std::endl;
  kill(getpid(), SIGKILL);
}

TEST_CASE("when the process is killed its server ends, and the next start removes what it left") {
  const Scratch scratch;
  const FileDescriptor output(open((scratch / "output").c_str(), O_CREAT | O_RDWR | O_CLOEXEC, 0600));
  auto child =
      ChildProcess::spawn({{"/usr/bin/env", "TROUPE_TEST_MAY_DIE=1",
                            fs::read_symlink("/proc/self/exe").string(), "[.killed_with_its_cluster]"},
                           std::nullopt,
                           output.get()})
          .value();
  REQUIRE(child.wait(60s) == ChildProcess::Waited::ended);
  CHECK(child.describe_end() == "was ended by signal 9");
  std::string directory;
  std::ifstream lines(scratch / "output");
  for (std::string line; std::getline(lines, line);)
    if (line.starts_with("host=")) directory = runtime_directory(line);
  REQUIRE(fs::exists(directory));
  CHECK(becomes_true([&] { return postgres_processes_below(directory).empty(); }));
  const auto next = EmbeddedCluster::start({}).value();
  CHECK_FALSE(fs::exists(directory));
}
