#pragma once

#include <sys/socket.h>
#include <sys/un.h>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <list>
#include <mutex>
#include <string>
#include <thread>

namespace troupe::tests {

/// What a ChaosProxy does to the connections that run through it.
struct Chaos {
  enum class Fault {
    none,
    reset,   ///< both sides closed, the client's with a reset
    close,   ///< both sides closed in order
    silent,  ///< half-open: nothing is passed on any more, in either direction, and nothing is closed
  };
  enum class Direction { to_server, to_client };

  Fault fault = Fault::none;
  Direction direction = Direction::to_server;
  /// The fault comes when exactly so many bytes were passed on in `direction`: counted from when this was
  /// set, or from when the connection was made if that was later. So the connections that there are meet it
  /// in the middle of their work, and those that take their place in the middle of their start. 0: at once.
  std::size_t after = 0;
  std::chrono::milliseconds delay{0};  ///< before each chunk that is passed on
};

/// A TCP proxy on a free port of 127.0.0.1 in front of a PostgreSQL, which breaks connections as it is told.
/// A thread per connection. All members may be called from any thread.
class ChaosProxy {
 public:
  /// `conninfo`: of the PostgreSQL, which may listen on a unix socket; throws when it cannot be understood.
  explicit ChaosProxy(const std::string& conninfo);
  /// Cuts all that is left.
  ~ChaosProxy();
  ChaosProxy(const ChaosProxy&) = delete;
  ChaosProxy& operator=(const ChaosProxy&) = delete;

  /// From now on, for all connections and as a whole: none sees a part of the old and a part of the new. What
  /// went silent stays so.
  void set(const Chaos& chaos);
  void calm() { set({}); }

  /// As --database-url takes it, with the user and the database of `conninfo`.
  const std::string& url() const { return url_; }
  /// Faults done since `set`, one per connection at most.
  int faults() const { return faults_; }
  int connections() const { return connections_; }  ///< accepted in all
  int silent() const { return silent_; }            ///< that are half-open now

 private:
  struct Order {
    Chaos chaos;
    std::uint64_t number = 0;  ///< tells a new order from one that says the same
  };
  struct Upstream {
    sockaddr_storage address{};
    socklen_t size = 0;
  };
  struct Connection {
    std::atomic<bool> done = false;
    std::thread thread;
  };
  class Wire;

  void listen_at_a_free_port();
  void accept_all();
  void reap(bool all);
  Order order() const;

  Upstream upstream_;
  std::string url_;
  int listener_ = -1;
  mutable std::mutex mutex_;
  Order order_;
  std::atomic<int> faults_ = 0, connections_ = 0, silent_ = 0;
  std::atomic<bool> stop_ = false;
  std::list<Connection> open_;  ///< of the acceptor's thread
  std::thread acceptor_;
};

}  // namespace troupe::tests
