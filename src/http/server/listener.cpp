#include "http/server/listener.hpp"

#include <spdlog/spdlog.h>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>

#include "support/conninfo_secrets.hpp"
#include "support/invariant.hpp"

namespace troupe::http {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

namespace {

constexpr auto back_off_time = std::chrono::milliseconds(100);

std::string shown(const std::string& host, std::uint16_t port) {
  return (host.find(':') == std::string::npos ? host : "[" + host + "]") + ":" + std::to_string(port);
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

Listener::Listener(Private, actors::Workers& workers, std::size_t max_connections, OnAccept on_accept)
    : workers_(workers),
      acceptor_(workers[0].io()),
      back_off_(workers[0].io()),
      permits_(max_connections),
      on_accept_(std::move(on_accept)) {}

Result<std::shared_ptr<Listener>> Listener::open(actors::Workers& workers, const std::string& host,
                                                 std::uint16_t port, std::size_t max_connections,
                                                 OnAccept on_accept) {
  auto endpoint = resolve(workers[0].io(), host, port);
  if (!endpoint) return endpoint.error();
  auto listener = std::make_shared<Listener>(Private{}, workers, max_connections, std::move(on_accept));
  auto& acceptor = listener->acceptor_;
  error_code ec;
  acceptor.open(endpoint->protocol(), ec);
  if (!ec) acceptor.set_option(tcp::acceptor::reuse_address(true), ec);
  if (!ec) acceptor.bind(*endpoint, ec);
  if (!ec) acceptor.listen(asio::socket_base::max_listen_connections, ec);
  if (!ec) listener->endpoint_ = acceptor.local_endpoint(ec);
  if (ec) {
    return Error{ErrorCode::io,
                 "cannot listen on " + shown(host, port) + ": " + ec.message() +
                     " (choose another address with --host and --port; --port 0 takes a free one)"};
  }
  return listener;
}

void Listener::start() {
  asio::post(acceptor_.get_executor(), [self = shared_from_this()] { self->accept(); });
}

void Listener::stop() {
  workers_[0].run([this] {
    stopped_ = true;
    error_code ignored;
    acceptor_.close(ignored);
    back_off_.cancel();
  });
}

void Listener::release_permit() {
  asio::post(acceptor_.get_executor(), [self = shared_from_this()] {
    ++self->permits_;
    self->accept();
  });
}

void Listener::accept() {
  if (accepting_ || stopped_ || permits_ == 0) return;
  accepting_ = true;
  auto& worker = workers_.next();
  acceptor_.async_accept(worker.io(),
                         [self = shared_from_this(), &worker](error_code ec, tcp::socket socket) {
                           self->accepting_ = false;
                           if (ec) return self->on_error(ec);
                           TROUPE_INVARIANT(self->permits_ > 0, "a client was accepted without a permit");
                           --self->permits_;
                           asio::post(worker.io(), [self, &worker, socket = std::move(socket)]() mutable {
                             self->on_accept_(std::move(socket), worker);
                           });
                           self->accept();
                         });
}

void Listener::on_error(const error_code& error) {
  if (stopped_) return;
  // EMFILE, ENFILE, ENOBUFS, ENOMEM: they pass when connections end; ECONNABORTED and the like concern one
  // client.
  if (error != asio::error::connection_aborted) spdlog::warn("accept: {}; trying again", error.message());
  accepting_ = true;
  back_off_.expires_after(back_off_time);
  back_off_.async_wait([self = shared_from_this()](error_code) {
    self->accepting_ = false;
    self->accept();
  });
}

}  // namespace troupe::http
