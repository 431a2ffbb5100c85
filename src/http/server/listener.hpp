#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <functional>
#include <memory>
#include <string>

#include "actors/io/sockets.hpp"
#include "actors/runtime/worker.hpp"
#include "support/result.hpp"

namespace troupe::http {

/// Accepts connections on one address and hands their sockets to the workers in turn. A permit comes before
/// each accept, so that never more than `max_connections` are open; the rest waits in the kernel's backlog.
/// Running out of descriptors is waited out. Its operations run on the first worker.
class Listener final : public std::enable_shared_from_this<Listener>, private actors::WatchUser {
  struct Private {};  // only `open` makes one

 public:
  /// Called on the worker that owns the socket; `peer` is who connected.
  using OnAccept =
      std::function<void(actors::Descriptor socket, boost::asio::ip::address peer, actors::Worker& worker)>;

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

  Listener(Private, actors::Workers& workers, actors::Descriptor socket,
           boost::asio::ip::tcp::endpoint endpoint, std::size_t max_connections, OnAccept on_accept);

 private:
  void wait();
  void on_ready(bool writable) override;
  void hand_over(actors::Descriptor socket, boost::asio::ip::address peer);
  void on_error(int error);

  actors::Workers& workers_;
  actors::Descriptor socket_;
  std::unique_ptr<actors::Watch> watch_;
  boost::asio::ip::tcp::endpoint endpoint_;
  std::size_t permits_;
  bool waiting_ = false;  ///< for a client, or for descriptors
  bool stopped_ = false;
  OnAccept on_accept_;
};

}  // namespace troupe::http
