#pragma once

#include <caf/actor.hpp>
#include <cstdint>
#include <memory>

#include "actors/runtime/messages.hpp"
#include "actors/runtime/worker.hpp"

namespace troupe::actors {

/// Tells an actor (SocketReady) when a socket that somebody else owns is readable or writable. One watch in
/// each direction at a time. Watches a duplicate of the descriptor: libpq closes its socket when the
/// connection breaks, and another thread may have got the number by the time anybody hears of it. Members are
/// called by the actor only, on whatever thread that is; its messages come from the worker that polls the
/// socket.
class SocketWatch {
 public:
  explicit SocketWatch(Worker& home) : home_(home) {}
  ~SocketWatch() { release(); }
  SocketWatch(const SocketWatch&) = delete;
  SocketWatch& operator=(const SocketWatch&) = delete;

  /// Starts to watch `socket` for `owner`; every message carries `generation`. Throws std::system_error when
  /// there is no descriptor left.
  void assign(int socket, caf::actor owner, std::uint64_t generation);
  /// Stops watching; until then the connection stays open, even when its owner has closed it. Nothing is sent
  /// any more but what is on its way.
  void release();
  void wait_readable();
  void wait_writable();
  /// To be called with every message that came: false when it is of an older generation, else its direction
  /// may be watched again.
  bool accept(const SocketReady& ready);

 private:
  class Watched;
  void wait(bool& waiting, bool writable);

  Worker& home_;
  std::shared_ptr<Watched> watched_;  ///< used on the home's thread
  std::uint64_t generation_ = 0;
  bool reading_ = false;
  bool writing_ = false;
};

}  // namespace troupe::actors
