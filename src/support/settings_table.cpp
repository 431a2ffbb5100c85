#include "support/settings_table.hpp"

#include <algorithm>
#include <cctype>
#include <chrono>
#include <cstdint>
#include <type_traits>
#include <utility>

#include "support/exposure_rows.hpp"
#include "support/limit_rows.hpp"
#include "support/parse.hpp"
#include "support/setting_rows.hpp"
#include "support/units.hpp"

namespace troupe {
namespace {

using namespace setting_rows;
using namespace std::chrono_literals;

Setting secret(Setting row) {
  row.secret = true;
  return row;
}

/// Without a port: of a colon outside of brackets the rest is one.
bool is_host_alone(std::string_view text) {
  return is_host(text) && (text.starts_with('[') ? text.ends_with(']') : text.find(':') == text.npos);
}

bool is_host_list(std::string_view text) {
  for (std::size_t begin = 0; begin <= text.size();) {
    const auto end = std::min(text.find(',', begin), text.size());
    if (!is_host_alone(text.substr(begin, end - begin))) return false;
    begin = end + 1;
  }
  return true;
}

bool is_database_url(std::string_view text) {
  const bool known = text.starts_with("postgresql://") || text.starts_with("postgres://");
  return text.empty() || (known && text.size() <= 4096 && !has_control_character(text));
}

/// PostgreSQL cuts names after 63 bytes; quotes and dots inside a name would need quoting rules nobody wants
/// in a settings file.
bool is_name(std::string_view text) {
  return !text.empty() && text.size() <= 63 && text.find_first_of("\".") == text.npos &&
         !has_control_character(text);
}

bool is_user(std::string_view text) {
  return text.empty() ||
         (text.size() <= 256 && text.find_first_of(":/ ") == text.npos && !has_control_character(text));
}

bool is_table(std::string_view text) {
  const auto dot = text.find('.');
  return dot == text.npos ? is_name(text) : is_name(text.substr(0, dot)) && is_name(text.substr(dot + 1));
}

std::vector<Setting> server_rows() {
  using S = ServerSettings;
  const auto at = [](auto member) { return Field{&Settings::server, member}; };
  return {
      text({"server.host", "--host", "address or name to listen on"}, "HOST", "an IP address or a host name",
           at(&S::host), is_host),
      number({"server.port", "--port", "port to listen on; 0 picks a free one, which is printed"},
             at(&S::port), {0, 65'535}),
      text({"server.allowed_hosts", "--allowed-hosts",
            "hosts that requests may name (else 421); auto: on a loopback address its names, else any; *: "
            "any"},
           "HOSTS", "\"auto\", \"*\" or host names without ports, separated by commas", at(&S::allowed_hosts),
           is_host_list),
      text({"server.user", "--run-as",
            "who root becomes once the port is bound; without it, postgres or nobody; root: stays root"},
           "NAME", "the name of a user of the system, or empty", at(&S::user), is_user),
      number_or("per-connection",
                {"server.connection_actors", "--connection-actors",
                 "an actor per client connection, or N that share them"},
                at(&S::connection_actors), {1, 100'000}),
      boolean({"server.server_timing", "--server-timing",
               "tell in a Server-Timing field where each request's time went"},
              at(&S::server_timing)),
      number({"server.max_connections", "--max-connections",
              "open client connections; for one more the longest idle is closed"},
             at(&S::max_connections), {1, 1'000'000}),
      size({"server.header_limit", "--header-limit", "request line and header fields, together (else 431)"},
           at(&S::header_limit), {256, 16 << 20}),
      number({"server.header_fields", "--header-fields", "header fields of a request (else 431)"},
             at(&S::header_fields), {1, 10'000}),
      size({"server.target_limit", "--target-limit", "request target (else 414)"}, at(&S::target_limit),
           {16, 1 << 20}),
      size({"server.body_limit", "--body-limit", "request body (else 413)"}, at(&S::body_limit),
           {1, 1 << 30}),
      size({"server.memory_limit", "--memory-limit",
            "for requests half read and answers half written, of all clients (else 503)"},
           at(&S::memory_limit), {1 << 20, std::uint64_t{1} << 40}),
      size({"server.min_rate", "--min-rate",
            "bytes a second at which a body or an answer must get on (else it is cut off)"},
           at(&S::min_rate), {1, 1 << 30}),
      duration({"server.header_timeout", "--header-timeout", "for a whole header to arrive (else 408)"},
               at(&S::header_timeout), kTimeout),
      duration({"server.body_timeout", "--body-timeout",
                "for more of a body to arrive (else 408) or of an answer to be taken"},
               at(&S::body_timeout), kTimeout),
      duration(
          {"server.idle_timeout", "--idle-timeout", "a connection without a request is closed after this"},
          at(&S::idle_timeout), kTimeout),
      duration(
          {"server.request_timeout", "--request-timeout", "for the database to answer a request (else 503)"},
          at(&S::request_timeout), kTimeout),
      duration({"server.shutdown_timeout", "--shutdown-timeout",
                "for running requests to finish after SIGTERM or Ctrl-C"},
               at(&S::shutdown_timeout), {0ms, 24h}),
      duration({"server.shutdown_delay", "--shutdown-delay",
                "serves on, and is not ready, so long after SIGTERM or Ctrl-C"},
               at(&S::shutdown_delay), {0ms, 24h}),
  };
}

std::vector<Setting> worker_rows() {
  using S = WorkerSettings;
  const auto at = [](auto member) { return Field{&Settings::workers, member}; };
  return {
      number_or("auto", {"workers.count", "--workers", "worker threads; auto: one per CPU that it may use"},
                at(&S::count), {1, 1'024}),
      choice({"workers.scheduler", "--scheduler",
              "who runs the actors: Troupe's pinned workers or one of CAF's schedulers"},
             "worker|stealing|sharing", at(&S::scheduler),
             {{"worker", Scheduler::worker},
              {"stealing", Scheduler::stealing},
              {"sharing", Scheduler::sharing}}),
      choice({"workers.io", "--io", "how workers wait; auto: io_uring if Linux (6.1) allows it, else epoll"},
             "auto|io_uring|epoll", at(&S::io),
             {{"auto", IoMode::automatic}, {"io_uring", IoMode::io_uring}, {"epoll", IoMode::epoll}}),
      choice({"workers.wakeups", "--wakeups",
              "on a core in use: wait for who runs there, and find more to do at once, or interrupt it"},
             "auto|patient|eager", at(&S::wakeups),
             {{"auto", Wakeups::automatic}, {"patient", Wakeups::patient}, {"eager", Wakeups::eager}}),
  };
}

std::vector<Setting> database_rows() {
  using S = DatabaseSettings;
  const auto at = [](auto member) { return Field{&Settings::database, member}; };
  return {
      secret(text({"database.url", "--database-url",
                   "PostgreSQL to use, postgresql://…; without it, an embedded cluster"},
                  "URL",
                  "a URL postgresql://user:password@host:port/database, or empty for the embedded cluster",
                  at(&S::url), is_database_url)),
      text({"database.data_dir", "--data-dir",
            "keeps the embedded cluster's data here; without it they are temporary"},
           "DIR", "a path, or empty for a temporary one", at(&S::data_dir), is_path),
      text({"database.table", "--table", "table of the items, made when missing"}, "NAME",
           "a table's name or schema.name, each of 1 to 63 bytes", at(&S::table), is_table),
      text({"database.resources", "--resources",
            "FILE or auto (every table with a key); without it items, a table that it makes"},
           "FILE", "a path, auto, or empty for the items API", at(&S::resources), is_path),
      number_or(
          "auto",
          {"database.pool_size", "--pool-size", "database connections; auto: one per worker and two more"},
          at(&S::pool_size), {1, 1'000}),
      choice({"database.lanes", "--lanes",
              "keep reads, commits and lists out of each other's way, as the commit time asks for, or not"},
             "auto|shared", at(&S::lanes), {{"auto", LaneMode::automatic}, {"shared", LaneMode::shared}}),
      choice({"database.batching", "--batching",
              "waiting commands share a statement, are pipelined, or go one by one"},
             "coalesce|pipeline|off", at(&S::batching),
             {{"coalesce", Batching::coalesce}, {"pipeline", Batching::pipeline}, {"off", Batching::off}}),
      choice({"database.execution", "--execution",
              "do not wait for answers, wait on the worker, or wait on a thread per connection"},
             "async|blocking|detached", at(&S::execution),
             {{"async", Execution::async},
              {"blocking", Execution::blocking},
              {"detached", Execution::detached}}),
  };
}

/// How the pool's connections live, and what is done without them.
std::vector<Setting> connection_rows() {
  using S = DatabaseSettings;
  const auto at = [](auto member) { return Field{&Settings::database, member}; };
  return {
      number({"database.queue_limit", "--queue-limit", "commands waiting per connection (else 503)"},
             at(&S::queue_limit), {1, 1'000'000}),
      number({"database.max_batch", "--max-batch", "rows of one statement"}, at(&S::max_batch), {1, 10'000}),
      number({"database.max_in_flight", "--max-in-flight",
              "statements sent and not yet answered, per connection"},
             at(&S::max_in_flight), {1, 10'000}),
      duration({"database.replan_interval", "--replan-interval",
                "how long PostgreSQL may keep a statement's plan"},
               at(&S::replan_interval), kTimeout),
      duration({"database.connect_timeout", "--connect-timeout", "for a connection to PostgreSQL to open"},
               at(&S::connect_timeout), kTimeout),
      duration({"database.reconnect_min", "--reconnect-min", "shortest wait before connecting again"},
               at(&S::reconnect_min), kTimeout),
      duration({"database.reconnect_max", "--reconnect-max", "longest wait before connecting again"},
               at(&S::reconnect_max), kTimeout),
      duration({"database.max_lifetime", "--max-lifetime",
                "a connection's longest life, less up to a tenth by chance; 0s: no end"},
               at(&S::max_lifetime), kOptionalTimeout),
      duration({"database.outage_wait", "--outage-wait",
                "how long requests wait for a connection when there is none (then 503)"},
               at(&S::outage_wait), kOptionalTimeout),
      size({"database.outage_memory", "--outage-memory", "for all requests that wait so (then 503)"},
           at(&S::outage_memory), {0, std::uint64_t{1} << 40}),
      duration({"database.read_timeout", "--read-timeout",
                "for a statement that reads single rows (else 503); 0s: what is left of the request's time"},
               at(&S::read_timeout), kOptionalTimeout),
      duration({"database.write_timeout", "--write-timeout", "the same of one that writes"},
               at(&S::write_timeout), kOptionalTimeout),
      duration({"database.list_timeout", "--list-timeout", "the same of a list, or of a query that reads"},
               at(&S::list_timeout), kOptionalTimeout),
      duration({"database.gather_max", "--gather-max",
                "longest wait of writes for others that share their commit; 0s: never"},
               at(&S::gather_max), kOptionalTimeout),
  };
}

std::vector<Setting> auth_rows() {
  return {text({"auth.file", "--auth",
                "who may do what: a file of keys, issuers, roles; without it everybody everything"},
               "FILE", "a path, or empty: everybody may do everything",
               Field{&Settings::auth, &AuthSettings::file}, is_path)};
}

std::vector<Setting> log_rows() {
  const auto level = Field{&Settings::log, &LogSettings::level};
  return {
      choice({"log.level", "--log-level", "least serious message written to standard error"}, "LEVEL", level,
             {{"trace", "trace"},
              {"debug", "debug"},
              {"info", "info"},
              {"warn", "warn"},
              {"error", "error"},
              {"off", "off"}}),
      duration({"log.slow_query", "--slow-query",
                "statements that took so long are told by name in the log; 0s: none"},
               Field{&Settings::log, &LogSettings::slow_query}, kOptionalTimeout)};
}

std::vector<Setting> tls_rows() {
  using S = TlsSettings;
  const auto at = [](auto member) { return Field{&Settings::tls, member}; };
  return {
      choice({"tls.mode", "--tls", "auto: https if there is a certificate; self-signed: https, for trying"},
             "auto|self-signed", at(&S::mode),
             {{"auto", TlsMode::automatic}, {"self-signed", TlsMode::self_signed}}),
      text({"tls.certificate", "--tls-certificate",
            "certificate and those that signed it, in PEM format; SIGHUP reads it again"},
           "FILE", "a path, or empty for none", at(&S::certificate), is_path),
      text({"tls.key", "--tls-key", "the certificate's key, in PEM format"}, "FILE",
           "a path, or empty for none", at(&S::key), is_path),
      duration({"tls.handshake_timeout", "--tls-handshake-timeout",
                "for a client to come from connecting to its first request's first byte"},
               at(&S::handshake_timeout), kTimeout),
  };
}

}  // namespace

const std::vector<Setting>& settings_table() {
  static const auto table = [] {
    std::vector<Setting> all;
    for (const auto& rows : {server_rows(), worker_rows(), database_rows(), connection_rows(), tls_rows(),
                             auth_rows(), limit_rows(), log_rows(), exposure_rows()}) {
      all.insert(all.end(), rows.begin(), rows.end());
    }
    return all;
  }();
  return table;
}

const Setting* find_setting(std::string_view key) {
  const auto& table = settings_table();
  const auto found = std::ranges::find(table, key, &Setting::key);
  return found == table.end() ? nullptr : &*found;
}

std::string environment_name(std::string_view key) {
  std::string name = "TROUPE_";
  for (const unsigned char c : key) name += c == '.' ? '_' : static_cast<char>(std::toupper(c));
  return name;
}

}  // namespace troupe
