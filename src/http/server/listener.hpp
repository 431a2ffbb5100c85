#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <memory>
#include <string>

#include "actors/runtime/worker.hpp"
#include "support/result.hpp"

namespace troupe::http {

/// Accepts connections on one address and hands their sockets to the workers in turn. A permit comes before
/// each accept, so that never more than `max_connections` are open; the rest waits in the kernel's backlog.
/// Running out of descriptors is waited out. Its operations run on the first worker.
class Listener : public std::enable_shared_from_this<Listener> {
  struct Private {};  // only `open` makes one

 public:
  /// Called on the worker that owns the socket.
  using OnAccept = std::function<void(boost::asio::ip::tcp::socket socket, actors::Worker& worker)>;

  /// Binds and listens; fails in one line that names the address.
  static Result<std::shared_ptr<Listener>> open(actors::Workers& workers, const std::string& host,
                                                std::uint16_t port, std::size_t max_connections,
                                                OnAccept on_accept);

  void start();
  /// Stops accepting; when it returns every accepted socket is on its way to its worker. Not from a worker.
  void stop();
  /// Gives one permit back: a connection has ended. Callable from any thread.
  void release_permit();

  boost::asio::ip::tcp::endpoint endpoint() const { return endpoint_; }

  Listener(Private, actors::Workers& workers, std::size_t max_connections, OnAccept on_accept);

 private:
  void accept();
  void on_error(const boost::system::error_code& error);

  actors::Workers& workers_;
  boost::asio::ip::tcp::acceptor acceptor_;
  boost::asio::steady_timer back_off_;
  boost::asio::ip::tcp::endpoint endpoint_;
  std::size_t permits_;
  bool accepting_ = false;
  bool stopped_ = false;
  OnAccept on_accept_;
};

}  // namespace troupe::http
