#pragma once

#include <caf/actor.hpp>
#include <caf/allowed_unsafe_message_type.hpp>
#include <cstdint>
#include <memory>

#include "actors/io/sockets.hpp"
#include "actors/runtime/worker.hpp"

namespace troupe::sim {

/// A user's socket is ready; `generation` tells a connection from the one before it.
struct LinkReady {
  std::uint64_t generation = 0;
  bool readable = false;
  bool writable = false;
  bool hung_up = false;  ///< the other side sends no more
};

/// Tells users that their sockets are ready. It has an epoll of its own, for which the worker waits: a socket
/// is registered once and never touched again. It is edge-triggered: who is told must read until a read comes
/// back short. Used on one worker's thread.
class SocketPoller : private actors::WatchUser {
 public:
  /// What is known of one watched socket; its address stays the same while it is watched.
  struct Watch {
    caf::actor owner;  ///< gets LinkReady
    std::uint64_t generation = 0;
    bool wants_writable = false;  ///< else writability is not worth a message
  };

  explicit SocketPoller(actors::Worker& worker);
  /// Watches a socket until it is closed. False with errno set when the kernel refuses.
  bool add(int socket, Watch& watch);
  /// Ends a watch whose memory goes away together with its socket; to be called before that is closed.
  void remove(int socket);
  /// Ends everything; on the worker's thread.
  void close();

 private:
  void on_ready(bool writable) override;
  void tell();

  actors::Worker& worker_;
  actors::Descriptor epoll_;
  std::unique_ptr<actors::Watch> watch_;  ///< once there is a socket
};

}  // namespace troupe::sim

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(troupe::sim::LinkReady)
