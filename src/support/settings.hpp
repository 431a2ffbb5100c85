#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace troupe {

enum class Scheduler { worker, stealing, sharing };
/// How a worker waits for its sockets.
enum class IoMode {
  automatic,  ///< io_uring where the kernel has what it takes, else epoll
  io_uring,
  epoll,
};
/// What happens when something wakes a worker while all cores are in use.
enum class Wakeups {
  automatic,  ///< patient, unless strangers hold the cores
  patient,    ///< it waits until who runs there rests or has had its time: it finds more to do at once
  eager,      ///< it interrupts who runs there, as threads do
};
enum class Batching { coalesce, pipeline, off };
/// Which connection a command goes to.
enum class LaneMode {
  automatic,  ///< commits, single-row reads and lists keep out of each other's way as their times ask for
  shared,     ///< each connection carries everything of its worker's
};
/// Whether clients must speak TLS.
enum class TlsMode {
  automatic,    ///< if there is a certificate
  self_signed,  ///< with a certificate made at start, for trying
};
/// How a line of the access log is written.
enum class AccessLogFormat { common, combined, json };
/// How a database actor waits for PostgreSQL.
enum class Execution {
  async,     ///< it does not: its worker goes on with other actors
  blocking,  ///< on its worker, which does nothing else meanwhile
  detached,  ///< on a thread of its own
};

/// `[server]`: the HTTP side and its limits.
struct ServerSettings {
  std::string host = "127.0.0.1";
  std::uint16_t port = 8080;           ///< 0: a free one
  std::string allowed_hosts = "auto";  ///< that requests may name: see http::AllowedHosts
  std::string user;                    ///< that root becomes; empty: postgres or nobody
  std::size_t connection_actors = 0;   ///< 0: one per connection; N: connections share N actors
  bool server_timing = false;
  std::size_t max_connections = 10'000;
  std::size_t header_limit = 16 * 1024;         ///< bytes: request line and header fields
  std::size_t target_limit = 8 * 1024;          ///< bytes
  std::size_t body_limit = 1024 * 1024;         ///< bytes
  std::size_t memory_limit = 64 * 1024 * 1024;  ///< bytes: half-read requests and half-written answers
  std::size_t min_rate = 1024;                  ///< bytes a second
  std::chrono::milliseconds header_timeout{10'000};
  std::chrono::milliseconds body_timeout{30'000};
  std::chrono::milliseconds idle_timeout{75'000};
  std::chrono::milliseconds request_timeout{5'000};
  std::chrono::milliseconds shutdown_timeout{10'000};
  std::size_t header_fields = 100;              ///< of one request
  std::chrono::milliseconds shutdown_delay{0};  ///< serves on, not ready, so long after it was asked to stop
};

/// `[tls]`: the certificate that clients see.
struct TlsSettings {
  TlsMode mode = TlsMode::automatic;
  std::string certificate;  ///< a file in PEM format, with those that signed it; empty: none
  std::string key;          ///< a file in PEM format; empty: none
  std::chrono::milliseconds handshake_timeout{10'000};
};

/// `[auth]`: who may do what.
struct AuthSettings {
  std::string file;  ///< TOML: keys, issuers of tokens, roles; empty: everybody may do everything
};

/// `[limits]`: of one client, which is an address, and of one key. 0: no limit, where it is not said
/// otherwise.
struct LimitSettings {
  std::string trusted_proxies;           ///< networks, separated by commas, whose X-Forwarded-For is believed
  std::size_t clients = 100'000;         ///< addresses and keys that are remembered at once
  double client_rate = 0;                ///< requests a second
  std::size_t client_burst = 0;          ///< requests at once; 0: a second's
  std::size_t client_connections = 0;    ///< open at once
  std::size_t client_memory = 0;         ///< bytes of requests half read and answers half written
  double key_rate = 0;                   ///< requests a second
  std::size_t key_burst = 0;             ///< requests at once; 0: a second's
  std::uint64_t max_offset = 1'000'000;  ///< rows that a list may skip
};

/// `[cors]`: which pages of other origins may use the API (the Fetch standard's CORS protocol).
struct CorsSettings {
  std::string origins;  ///< separated by commas; empty: none; "*": any, without credentials
  bool credentials = false;
  std::chrono::milliseconds max_age{600'000};  ///< how long a browser may remember a preflight's answer
};

/// `[admin]`: a listener of its own for metrics, health and what the process looks like inside.
struct AdminSettings {
  std::string host = "127.0.0.1";
  std::uint16_t port = 0;  ///< 0: none
};

/// `[access_log]`: a line for every answer.
struct AccessLogSettings {
  std::string file;  ///< "-": standard output; empty: none
  AccessLogFormat format = AccessLogFormat::combined;
  std::size_t buffer = 1 << 20;  ///< bytes that wait to be written; what does not fit is dropped and counted
};

/// `[workers]`: threads and who schedules actors on them.
struct WorkerSettings {
  std::size_t count = 0;  ///< 0: one per core
  Scheduler scheduler = Scheduler::worker;
  IoMode io = IoMode::automatic;
  Wakeups wakeups = Wakeups::automatic;
};

/// `[database]`: where PostgreSQL is and how the pool uses it.
struct DatabaseSettings {
  std::string url;              ///< empty: the embedded cluster
  std::string data_dir;         ///< of the embedded cluster; empty: temporary
  std::string table = "items";  ///< of the items API
  std::string resources;        ///< a resource file, "auto", or empty: the items API
  std::size_t pool_size = 0;    ///< 0: automatic (actors::pool_size_of)
  LaneMode lanes = LaneMode::automatic;
  Batching batching = Batching::coalesce;
  Execution execution = Execution::async;
  std::size_t queue_limit = 4'096;                 ///< commands waiting per database actor
  std::size_t max_batch = 512;                     ///< rows of one statement
  std::size_t max_in_flight = 16;                  ///< statements sent and not yet answered, per connection
  std::chrono::milliseconds replan_interval{100};  ///< how long a session keeps the plans of its statements
  std::chrono::milliseconds connect_timeout{5'000};
  std::chrono::milliseconds reconnect_min{50};
  std::chrono::milliseconds reconnect_max{500};
  std::chrono::milliseconds max_lifetime{1'800'000};  ///< of a connection, jittered; 0: no end
  std::chrono::milliseconds outage_wait{250};  ///< commands wait so long for a connection when there is none
  std::size_t outage_memory = 16 << 20;        ///< bytes of all commands that wait so
  std::chrono::milliseconds gather_max{5};     ///< the longest wait of writes for others to commit with
  // How long a statement of each kind may take; 0: what is left of the request's time.
  std::chrono::milliseconds read_timeout{0};
  std::chrono::milliseconds write_timeout{0};
  std::chrono::milliseconds list_timeout{0};
};

/// `[log]`
struct LogSettings {
  std::string level = "info";
  std::chrono::milliseconds slow_query{0};  ///< statements that took longer are told by name; 0: none
};

/// Everything that can be set, after defaults, file, environment and flags were laid over each other.
struct Settings {
  ServerSettings server;
  WorkerSettings workers;
  DatabaseSettings database;
  LogSettings log;
  TlsSettings tls;
  AuthSettings auth;
  LimitSettings limits;
  CorsSettings cors;
  AdminSettings admin;
  AccessLogSettings access_log;
};

}  // namespace troupe
