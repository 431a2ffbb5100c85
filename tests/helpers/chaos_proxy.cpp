#include "helpers/chaos_proxy.hpp"

#include <arpa/inet.h>
#include <libpq-fe.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <map>
#include <memory>
#include <stdexcept>

namespace troupe::tests {
namespace {

// How late a thread that waits for bytes sees a new order, or that it shall end.
constexpr int tick_ms = 5;
constexpr std::size_t chunk_size = 16 * 1024;

std::map<std::string, std::string> parsed(const std::string& conninfo) {
  const std::unique_ptr<PQconninfoOption, decltype(&PQconninfoFree)> options(
      PQconninfoParse(conninfo.c_str(), nullptr), &PQconninfoFree);
  if (!options) throw std::runtime_error("chaos proxy: not a conninfo: " + conninfo);
  std::map<std::string, std::string> values;
  for (const auto* option = options.get(); option->keyword != nullptr; ++option)
    if (option->val != nullptr) values[option->keyword] = option->val;
  return values;
}

template <class Address>
void keep(const Address& address, sockaddr_storage& storage, socklen_t& size) {
  std::memcpy(&storage, &address, sizeof address);
  size = sizeof address;
}

void no_delay(int socket) {
  const int on = 1;
  setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);  // fails on a unix socket, which needs none
}

}  // namespace

/// One connection through the proxy: both sockets, and what is under way between them.
class ChaosProxy::Wire {
 public:
  Wire(ChaosProxy& proxy, int client) : proxy_(proxy), sides_{client, -1} {}
  ~Wire() {
    for (const int side : sides_)
      if (side >= 0) close(side);
    if (silent_) --proxy_.silent_;
  }
  Wire(const Wire&) = delete;
  Wire& operator=(const Wire&) = delete;

  void run() {
    no_delay(sides_[0]);
    sides_[1] = socket(proxy_.upstream_.address.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const auto* address = reinterpret_cast<const sockaddr*>(&proxy_.upstream_.address);
    if (connect(sides_[1], address, proxy_.upstream_.size) != 0) return;
    no_delay(sides_[1]);
    while (!proxy_.stop_ && step()) {
    }
  }

 private:
  static constexpr std::size_t index(Chaos::Direction direction) {
    return direction == Chaos::Direction::to_server ? 0 : 1;
  }

  /// Waits a tick at most; false: it is over.
  bool step() {
    obey();
    if (!silent_ && due() && !do_fault()) return false;
    std::array<pollfd, 2> polled{};
    for (std::size_t side = 0; side < 2; ++side) {
      short events = silent_ ? POLLRDHUP : 0;  // who is answered no more gives up, and then it is over
      if (!silent_ && waiting_[side].empty()) events |= POLLIN;
      if (!silent_ && !waiting_[1 - side].empty()) events |= POLLOUT;
      polled[side] = {sides_[side], events, 0};
    }
    if (poll(polled.data(), 2, tick_ms) <= 0) return true;
    for (std::size_t side = 0; side < 2; ++side) {
      if (silent_ && polled[side].revents != 0) return false;
      if ((polled[side].revents & POLLIN) != 0 && !take(side)) return false;
      if (!give(side)) return false;
    }
    return true;
  }

  void obey() {
    auto order = proxy_.order();
    if (order.number == order_.number) return;
    order_ = order;
    passed_ = {0, 0};
  }

  bool due() const {
    const auto& chaos = order_.chaos;
    return chaos.fault != Chaos::Fault::none && passed_[index(chaos.direction)] >= chaos.after;
  }

  /// False when nothing is left of the connection.
  bool do_fault() {
    ++proxy_.faults_;
    if (order_.chaos.fault == Chaos::Fault::silent) {
      silent_ = true;
      ++proxy_.silent_;
      return true;
    }
    if (order_.chaos.fault == Chaos::Fault::reset) {
      const linger at_once{1, 0};
      setsockopt(sides_[0], SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    }
    return false;
  }

  bool take(std::size_t side) {
    std::array<char, chunk_size> bytes;
    const auto count = recv(sides_[side], bytes.data(), bytes.size(), MSG_DONTWAIT);
    if (count < 0) return errno == EAGAIN || errno == EINTR;
    if (count == 0) return false;
    if (order_.chaos.delay.count() > 0) std::this_thread::sleep_for(order_.chaos.delay);
    waiting_[side].assign(bytes.data(), static_cast<std::size_t>(count));
    return true;
  }

  /// Passes on what came from `side`, to the byte at which a fault is due.
  bool give(std::size_t side) {
    obey();
    auto& bytes = waiting_[side];
    const auto& chaos = order_.chaos;
    auto allowed = bytes.size();
    if (chaos.fault != Chaos::Fault::none && side == index(chaos.direction))
      allowed = std::min(allowed, chaos.after - std::min(chaos.after, passed_[side]));
    if (silent_ || allowed == 0) return true;
    const auto count = send(sides_[1 - side], bytes.data(), allowed, MSG_DONTWAIT | MSG_NOSIGNAL);
    if (count < 0) return errno == EAGAIN || errno == EINTR;
    passed_[side] += static_cast<std::size_t>(count);
    bytes.erase(0, static_cast<std::size_t>(count));
    return true;
  }

  ChaosProxy& proxy_;
  std::array<int, 2> sides_;             ///< the client's socket and the server's
  std::array<std::string, 2> waiting_;   ///< taken from a side, not yet given to the other
  std::array<std::size_t, 2> passed_{};  ///< from each side, since `order_`
  Order order_;
  bool silent_ = false;
};

ChaosProxy::ChaosProxy(const std::string& conninfo) {
  auto values = parsed(conninfo);
  const auto host = values["host"];
  const auto port = values["port"].empty() ? "5432" : values["port"];
  if (host.starts_with('/')) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    const auto path = host + "/.s.PGSQL." + port;
    if (path.size() >= sizeof address.sun_path) throw std::runtime_error("chaos proxy: too long: " + path);
    path.copy(address.sun_path, path.size());
    keep(address, upstream_.address, upstream_.size);
  } else {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(std::stoi(port)));
    if (inet_pton(AF_INET, host.c_str(), &address.sin_addr) != 1)
      throw std::runtime_error("chaos proxy: not an address: " + host);
    keep(address, upstream_.address, upstream_.size);
  }
  listen_at_a_free_port();
  sockaddr_in own{};
  socklen_t size = sizeof own;
  getsockname(listener_, reinterpret_cast<sockaddr*>(&own), &size);
  url_ = "postgresql://" + values["user"] + "@127.0.0.1:" + std::to_string(ntohs(own.sin_port)) + "/" +
         values["dbname"];
  acceptor_ = std::thread([this] { accept_all(); });
}

ChaosProxy::~ChaosProxy() {
  stop_ = true;
  acceptor_.join();
  close(listener_);
}

void ChaosProxy::set(const Chaos& chaos) {
  const std::lock_guard lock(mutex_);
  order_ = {chaos, order_.number + 1};
  faults_ = 0;
}

ChaosProxy::Order ChaosProxy::order() const {
  const std::lock_guard lock(mutex_);
  return order_;
}

void ChaosProxy::listen_at_a_free_port() {
  constexpr int backlog = 128;
  listener_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (bind(listener_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
      listen(listener_, backlog) != 0)
    throw std::runtime_error(std::string("chaos proxy: cannot listen: ") + std::strerror(errno));
}

void ChaosProxy::accept_all() {
  while (!stop_) {
    pollfd polled{listener_, POLLIN, 0};
    const bool comes = poll(&polled, 1, tick_ms) > 0;
    reap(false);
    if (!comes) continue;
    const int client = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (client < 0) continue;
    ++connections_;
    auto& connection = open_.emplace_back();
    connection.thread = std::thread([this, client, &connection] {
      Wire(*this, client).run();
      connection.done = true;
    });
  }
  reap(true);
}

void ChaosProxy::reap(bool all) {
  std::erase_if(open_, [&](Connection& connection) {
    if (!all && !connection.done) return false;
    connection.thread.join();
    return true;
  });
}

}  // namespace troupe::tests
