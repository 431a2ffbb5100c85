#pragma once

#include <sys/epoll.h>

#include <array>
#include <memory>

#include "actors/io/io_engine.hpp"
#include "actors/io/sockets.hpp"

namespace troupe::actors {

/// Waits with epoll. A descriptor is registered once, level-triggered, and mostly never touched again: only
/// what is ready while nobody waits for it costs an epoll_ctl (it would be told for ever), and another one
/// when somebody waits again.
class EpollEngine final : public IoEngine {
 public:
  EpollEngine();

  void wait(Duration longest) override;
  void dispatch() override;
  void wake() override;
  std::unique_ptr<Watch> watch(int descriptor, WatchUser& user) override;
  std::unique_ptr<ByteStream> stream(Descriptor socket) override;

 private:
  class Entry;

  Descriptor epoll_, wake_;
  std::array<epoll_event, 256> events_{};
  int ready_ = 0;  ///< events that are to be told
};

}  // namespace troupe::actors
