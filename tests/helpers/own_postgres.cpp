#include "helpers/own_postgres.hpp"

#include <fcntl.h>
#include <libpq-fe.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>

#include "helpers/eventually.hpp"
#include "helpers/processes.hpp"
#include "helpers/sql_session.hpp"

namespace troupe::tests {

namespace fs = std::filesystem;
using troupe::postgres::ChildProcess;

OwnPostgres::OwnPostgres()
    : user_(postgres::unprivileged_user().value()),
      binaries_(postgres::find_server(postgres::server_search_path(), std::nullopt).value()) {
  give_the_directory_away();
  run({program("initdb"), "--pgdata=" + data(), "--username=postgres", "--encoding=UTF8", "--locale=C",
       "--auth=trust", "--no-instructions", "--no-sync"});
  start();
  wait_until_up();
}

OwnPostgres::OwnPostgres(const OwnPostgres& primary, const std::string& name)
    : user_(primary.user_), binaries_(primary.binaries_) {
  give_the_directory_away();
  run({program("pg_basebackup"), "--pgdata=" + data(), "--write-recovery-conf", "--checkpoint=fast",
       "--no-sync", "--dbname=" + primary.conninfo() + " application_name=" + name});
  start();
  wait_until_up();
  wait_until("the standby follows", [&] {
    return SqlSession(primary.conninfo())
               .value(
                   "SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming' AND "
                   "application_name = '" +
                   name + "'") == "1";
  });
}

OwnPostgres::~OwnPostgres() {
  kill();
}

void OwnPostgres::start(const std::vector<std::string>& settings) {
  // The process that this names is dead, and its number may be another one's by now.
  fs::remove(data() + "/postmaster.pid");
  std::vector<std::string> arguments{binaries_.postgres.string(), "-D", data(), "-k", directory()};
  for (const auto* setting : {"listen_addresses=", "max_connections=100", "shared_buffers=32MB"})
    arguments.insert(arguments.end(), {"-c", setting});
  // A start after kill -9 would force each of a thousand files to the disk, which takes seconds.
  if (binaries_.major_version >= 14)
    arguments.insert(arguments.end(), {"-c", "recovery_init_sync_method=syncfs"});
  for (const auto& setting : settings) arguments.insert(arguments.end(), {"-c", setting});
  process_.emplace(spawn(std::move(arguments)));
}

void OwnPostgres::wait_until_up() const {
  wait_until("PostgreSQL is up; it said: " + log(),
             [&] { return PQping((conninfo() + " connect_timeout=2").c_str()) == PQPING_OK; });
}

void OwnPostgres::kill() {
  if (!process_) return;
  const auto children = children_of(process_->pid());
  kill_with_children(process_->pid());
  process_->wait(std::nullopt);
  process_.reset();
  // The data may be used by nobody when it is started again.
  for (const pid_t child : children) wait_until("a backend is gone", [&] { return !is_alive(child); });
}

void OwnPostgres::lose_touch(const OwnPostgres& primary) const {
  SqlSession sql(conninfo());
  sql.run("ALTER SYSTEM SET primary_conninfo = ''");
  sql.run("SELECT pg_reload_conf()");
  SqlSession there(primary.conninfo());
  wait_until("the standby has left",
             [&] { return there.value("SELECT count(*) FROM pg_stat_replication") == "0"; });
}

void OwnPostgres::promote() const {
  SqlSession sql(conninfo());
  if (sql.value("SELECT pg_promote()") != "t") throw std::runtime_error("not promoted; it said: " + log());
}

std::string OwnPostgres::program(const char* name) const {
  // /usr/local/bin may hold links to some of the programs only.
  const auto beside = fs::canonical(binaries_.postgres).parent_path() / name;
  return (fs::exists(beside) ? beside : fs::path("/usr/bin") / name).string();
}

std::string OwnPostgres::log() const {
  std::ostringstream text;
  text << std::ifstream(directory() + "/log").rdbuf();
  return text.str();
}

ChildProcess OwnPostgres::spawn(std::vector<std::string> arguments) const {
  const postgres::FileDescriptor log(
      open((directory() + "/log").c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600));
  return ChildProcess::spawn({std::move(arguments), user_, log.get()}).value();
}

void OwnPostgres::run(std::vector<std::string> arguments) const {
  const auto name = arguments.front();
  auto child = spawn(std::move(arguments));
  child.wait(2 * patience);
  if (!child.succeeded()) throw std::runtime_error(name + " " + child.describe_end() + ": " + log());
}

void OwnPostgres::give_the_directory_away() const {
  if (user_ && chown(directory().c_str(), user_->uid, user_->gid) != 0)
    throw std::runtime_error("cannot give away " + directory());
}

std::string url_of_writable(const OwnPostgres& one, const OwnPostgres& other) {
  std::string hosts;
  for (const char c : one.directory() + "," + other.directory())
    hosts += c == '/' ? std::string("%2F") : std::string(1, c);
  return "postgresql:///postgres?host=" + hosts +
         "&port=5432,5432&user=postgres&target_session_attrs=read-write";
}

}  // namespace troupe::tests
