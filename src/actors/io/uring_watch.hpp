#pragma once

#include <memory>

#include "actors/io/uring_engine.hpp"

namespace troupe::actors {

/// Waits by io_uring's poll, which looks at once and then tells a change.
class UringWatch final : public Watch {
 public:
  UringWatch(UringEngine& engine, int descriptor, WatchUser& user);
  ~UringWatch() override;

  void wait_readable() override;
  void wait_writable() override;

 private:
  /// One direction; outlives the watch until the kernel has let go of it.
  class Poll;

  std::shared_ptr<Poll> in_, out_;
};

}  // namespace troupe::actors
