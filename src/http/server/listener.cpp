#include "http/server/listener.hpp"

#include <sys/socket.h>

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <cerrno>
#include <utility>

#include "http/server/authority.hpp"
#include "support/conninfo_secrets.hpp"
#include "support/invariant.hpp"
#include "support/ip_network.hpp"
#include "support/log_line.hpp"

namespace troupe::http {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

namespace {

constexpr auto back_off_time = std::chrono::milliseconds(100);
constexpr std::size_t accepts_at_once = 64;

std::string shown(const std::string& host, std::uint16_t port) {
  return as_uri_host(host) + ":" + std::to_string(port);
}

Result<tcp::endpoint> resolve(asio::io_context& io, const std::string& host, std::uint16_t port) {
  error_code ec;
  const auto found = tcp::resolver(io).resolve(host, std::to_string(port), tcp::resolver::passive, ec);
  if (ec)
    return Error{ErrorCode::invalid_argument,
                 "cannot resolve server.host \"" + without_password(host) + "\": " + ec.message()};
  return found.begin()->endpoint();
}

}  // namespace

Listener::Listener(Private, actors::Workers& workers, actors::Descriptor socket, tcp::endpoint endpoint,
                   std::size_t max_connections, OnAccept on_accept)
    : workers_(workers),
      socket_(std::move(socket)),
      endpoint_(std::move(endpoint)),
      permits_(max_connections),
      on_accept_(std::move(on_accept)) {}

Result<std::shared_ptr<Listener>> Listener::open(actors::Workers& workers, const std::string& host,
                                                 std::uint16_t port, std::size_t max_connections,
                                                 OnAccept on_accept) {
  asio::io_context io;  // for Asio's way to make a socket; afterwards a worker waits for it
  auto endpoint = resolve(io, host, port);
  if (!endpoint) return endpoint.error();
  tcp::acceptor acceptor(io);
  error_code ec;
  acceptor.open(endpoint->protocol(), ec);
  if (!ec) acceptor.set_option(tcp::acceptor::reuse_address(true), ec);
  if (!ec) acceptor.bind(*endpoint, ec);
  if (!ec) acceptor.listen(asio::socket_base::max_listen_connections, ec);
  if (!ec) acceptor.native_non_blocking(true, ec);
  if (!ec) *endpoint = acceptor.local_endpoint(ec);
  if (ec) {
    return Error{ErrorCode::io,
                 "cannot listen on " + shown(host, port) + ": " + ec.message() +
                     " (choose another address with --host and --port; --port 0 takes a free one)"};
  }
  return std::make_shared<Listener>(Private{}, workers, actors::Descriptor(acceptor.release()), *endpoint,
                                    max_connections, std::move(on_accept));
}

void Listener::start() {
  workers_[0].post([self = shared_from_this()] {
    self->watch_ = self->workers_[0].io().watch(self->socket_.number(), *self);
    self->wait();
  });
}

void Listener::stop() {
  workers_[0].run([this] {
    stopped_ = true;
    watch_.reset();
    socket_.close();
  });
}

void Listener::release_permit() {
  workers_[0].post([self = shared_from_this()] {
    ++self->permits_;
    self->making_room_ = false;
    self->wait();
  });
}

void Listener::wait() {
  const bool full = permits_ == 0 && (making_room_ || !make_room_);
  if (stopped_ || full || std::exchange(waiting_, true)) return;
  watch_->wait_readable();
}

// All that have come, up to a limit: other sockets want their turn.
void Listener::on_ready(bool) {
  waiting_ = false;
  if (permits_ == 0) return make_room();
  for (std::size_t left = std::min(permits_, accepts_at_once); left > 0; --left) {
    tcp::endpoint peer;
    auto size = static_cast<socklen_t>(peer.capacity());
    actors::Descriptor socket(::accept4(socket_.number(), peer.data(), &size, SOCK_CLOEXEC));
    if (!socket.is_open()) {
      if (errno == EAGAIN || errno == EWOULDBLOCK) break;
      return on_error(errno);
    }
    hand_over(std::move(socket), plain_address(peer.address()));
  }
  wait();
}

void Listener::hand_over(actors::Descriptor socket, const asio::ip::address& peer) {
  TROUPE_INVARIANT(permits_ > 0, "a client was accepted without a permit");
  --permits_;
  auto& worker = workers_.next();
  // A task can be copied, a descriptor cannot.
  const auto shared = std::make_shared<actors::Descriptor>(std::move(socket));
  worker.post([self = shared_from_this(), &worker, shared, peer] {
    self->on_accept_(std::move(*shared), peer, worker);
  });
}

void Listener::on_error(int error) {
  // EMFILE, ENFILE, ENOBUFS, ENOMEM: they pass when connections end; ECONNABORTED and the like concern one
  // client.
  if (error == ECONNABORTED) return wait();
  const auto why = std::generic_category().message(error);
  if (const auto left_out = complaints_.admit(why, workers_[0].timers().now()))
    log_warn("accept: {}; trying again{}", why, *left_out);
  wait_later(&Listener::waiting_);
}

// One at a time: its end gives the permit back, and the next who waits is seen then.
void Listener::make_room() {
  making_room_ = true;
  make_room_([weak = weak_from_this()](bool closed) {
    const auto self = weak.lock();
    // Nobody is idle: who waits comes in when a connection ends, or one may be idle by then.
    if (self && !closed) self->wait_later(&Listener::making_room_);
  });
}

void Listener::wait_later(bool Listener::*because) {
  workers_[0].run_at(workers_[0].timers().now() + back_off_time, [weak = weak_from_this(), because] {
    const auto self = weak.lock();
    if (!self) return;
    (*self).*because = false;
    self->wait();
  });
}

}  // namespace troupe::http
