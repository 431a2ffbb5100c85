#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <caf/actor.hpp>
#include <caf/allowed_unsafe_message_type.hpp>
#include <cstdint>

namespace troupe::sim {

/// A user's socket is ready; `generation` tells a connection from the one before it.
struct LinkReady {
  std::uint64_t generation = 0;
  bool readable = false;
  bool writable = false;
  bool hung_up = false;  ///< the other side sends no more
};

/// Tells users that their sockets are ready. It has an epoll of its own beside Asio's, because a generator
/// registers a socket once and never touches it again, while each of Asio's waits costs an epoll_ctl. It is
/// edge-triggered: who is told must read until a read comes back short. Used on one worker's thread.
class SocketPoller {
 public:
  /// What is known of one watched socket; its address stays the same while it is watched.
  struct Watch {
    caf::actor owner;  ///< gets LinkReady
    std::uint64_t generation = 0;
    bool wants_writable = false;  ///< else writability is not worth a message
  };

  explicit SocketPoller(boost::asio::io_context& io);
  /// Watches a socket until it is closed. False with errno set when the kernel refuses.
  bool add(int socket, Watch& watch);
  /// Ends a watch whose memory goes away together with its socket; to be called before that is closed.
  void remove(int socket);
  /// Ends everything; on the worker's thread.
  void close();

 private:
  void wait();
  void tell();

  boost::asio::posix::stream_descriptor epoll_;
  bool waiting_ = false;
};

}  // namespace troupe::sim

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::sim::LinkReady)
