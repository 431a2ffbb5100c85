#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <functional>
#include <memory>
#include <string>

#include "actors/io/sockets.hpp"
#include "actors/runtime/worker.hpp"
#include "support/log_limiter.hpp"
#include "support/result.hpp"

namespace troupe::http {

/// Accepts connections on one address and hands their sockets to the workers in turn. A permit comes before
/// each accept, so that never more than `max_connections` are open; when a client comes and there is none, a
/// connection that is idle is closed for it, and as long as none is it waits in the kernel's backlog.
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

  /// Closes the connection that has been idle for longest, and tells on the first worker whether there was
  /// one. Called there.
  using MakeRoom = std::function<void(std::function<void(bool closed)> tell)>;
  /// Before `start`; else who comes when all permits are taken waits for one.
  void make_room_by(MakeRoom make_room) { make_room_ = std::move(make_room); }

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
  void hand_over(actors::Descriptor socket, const boost::asio::ip::address& peer);
  void on_error(int error);
  void make_room();
  /// Waits again after a while, if nothing else makes it before.
  void wait_later(bool Listener::*because);

  actors::Workers& workers_;
  actors::Descriptor socket_;
  std::unique_ptr<actors::Watch> watch_;
  boost::asio::ip::tcp::endpoint endpoint_;
  std::size_t permits_;
  bool waiting_ = false;      ///< for a client, or for descriptors
  bool making_room_ = false;  ///< for a client that waits; until a permit is there, or none can be
  bool stopped_ = false;
  OnAccept on_accept_;
  MakeRoom make_room_;
  LogLimiter complaints_;
};

}  // namespace troupe::http
