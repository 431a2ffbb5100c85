#include "cli/serve/leave_root.hpp"

#include <grp.h>
#include <pwd.h>
#include <spdlog/fmt/fmt.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "postgres/wire/blocking_session.hpp"
#include "support/log_line.hpp"

namespace troupe::cli {

namespace {

Error wrong_user(const std::string& name, const std::string& why) {
  return {ErrorCode::invalid_argument, fmt::format("server.user is \"{}\": {}", name, why)};
}

Result<postgres::User> user_named(const std::string& name) {
  const passwd* entry = ::getpwnam(name.c_str());
  if (entry == nullptr) return wrong_user(name, "there is no such user");
  return postgres::User{entry->pw_uid, entry->pw_gid, name};
}

Result<std::optional<postgres::User>> who_to_become(const std::string& name,
                                                    const postgres::Database& database) {
  const auto cluster_user = database.cluster_user();
  if (name == "root") return std::optional<postgres::User>{};
  if (name.empty() && !cluster_user) return postgres::unprivileged_user();
  if (name.empty()) return cluster_user;
  if (cluster_user && cluster_user->name != name)
    return wrong_user(name, "the embedded PostgreSQL runs as " + cluster_user->name +
                                ", and nobody else could stop it: leave it empty or give --database-url");
  const auto found = user_named(name);
  if (!found) return found.error();
  return std::optional(*found);
}

/// glibc changes every thread of the process. What failed, if anything.
std::optional<std::string> become(const postgres::User& user) {
  int end_signal = 0;  // a change of user clears what a supervisor wants this process to get at its own end
  ::prctl(PR_GET_PDEATHSIG, &end_signal);
  if (::setgroups(1, &user.gid) != 0 || ::setgid(user.gid) != 0 || ::setuid(user.uid) != 0)
    return std::strerror(errno);
  ::prctl(PR_SET_PDEATHSIG, end_signal);
  ::prctl(PR_SET_DUMPABLE, 1);  // as a process that this user has started: its /proc, its core dumps
  return std::nullopt;
}

// A password file or a client's key may be root's: better told now than when the first connection is lost.
Result<void> check_database(const Settings& settings, const postgres::Database& database,
                            const std::string& user) {
  const auto session =
      postgres::BlockingSession::open(database.conninfo(), settings.database.connect_timeout);
  if (session) return {};
  return Error{session.error().code,
               fmt::format("PostgreSQL cannot be reached as the system's user {}, whom root became: {}; "
                           "server.user names another one",
                           user, session.error().message)};
}

}  // namespace

Result<void> prepare_user(const ServerSettings& settings) {
  if (::geteuid() != 0 || settings.user == "root") return {};
  std::string name = settings.user;
  if (name.empty()) {
    const auto anybody = postgres::unprivileged_user();
    if (!anybody || !*anybody) return {};  // leave_root tells
    name = (*anybody)->name;
  }
  const passwd* entry = ::getpwnam(name.c_str());
  if (entry == nullptr) return user_named(name).error();
  ::setenv("HOME", entry->pw_dir, 1);
  return {};
}

Result<void> leave_root(const Settings& settings, const postgres::Database& database) {
  if (::geteuid() != 0) return {};
  const auto& wanted = settings.server.user;
  const auto user = who_to_become(wanted, database);
  if (!user && wanted.empty()) {
    log_warn("stays root: there is neither a user postgres nor nobody; server.user can name one");
    return {};
  }
  if (!user) return user.error();
  if (!*user || (*user)->uid == 0) return {};
  if (const auto failed = become(**user)) {
    if (!wanted.empty()) return wrong_user(wanted, "root cannot become that user: " + *failed);
    log_warn("stays root: it cannot become {}: {}", (*user)->name, *failed);
    return {};
  }
  log_info("root no more: this process is {} (user id {}) now", (*user)->name, (*user)->uid);
  return check_database(settings, database, (*user)->name);
}

}  // namespace troupe::cli
