#pragma once

#include <ctime>
#include <memory>
#include <vector>

#include "actors/io/byte_stream.hpp"
#include "actors/io/sockets.hpp"
#include "support/result.hpp"
#include "support/settings.hpp"
#include "support/time.hpp"

namespace troupe::actors {

/// Waits for one descriptor that somebody else reads and writes: a library, or another engine. One wait in
/// each direction at a time. Used on its engine's thread; its destructor ends the waits.
class Watch {
 public:
  virtual ~Watch() = default;
  /// Calls the user once, when reading (or writing) would do something.
  virtual void wait_readable() = 0;
  virtual void wait_writable() = 0;
};

/// Who is told by a Watch; may destroy it meanwhile. Outlives it.
class WatchUser {
 public:
  virtual void on_ready(bool writable) = 0;

 protected:
  ~WatchUser() = default;
};

/// How a worker waits: for its sockets, for other threads and for the time. One per worker, made and used on
/// its thread (`wake` apart), destroyed when that has ended: streams may be closed until then. What it calls
/// back, it calls from within `dispatch`.
class IoEngine {
 public:
  IoEngine() = default;
  virtual ~IoEngine() = default;
  IoEngine(const IoEngine&) = delete;
  IoEngine& operator=(const IoEngine&) = delete;

  /// Hands the system what has gathered to be sent, and waits until something is ready or somebody calls
  /// `wake()`, for `longest` at most; zero: it only looks.
  virtual void wait(Duration longest) = 0;
  /// Calls those who waited for what is ready.
  virtual void dispatch() = 0;
  /// Ends a wait, or the next one before it begins. Callable from any thread.
  virtual void wake() = 0;

  /// `descriptor` stays the caller's, and open for as long as the Watch lives.
  virtual std::unique_ptr<Watch> watch(int descriptor, WatchUser& user) = 0;
  /// Takes over a connected socket.
  virtual std::unique_ptr<ByteStream> stream(Descriptor socket) = 0;

  /// Calls `user` at the next `dispatch`, and not from within what its owner does now.
  void tell_later(std::shared_ptr<StreamUser> user, bool writable, boost::system::error_code error);
  /// The end of a wait whose stream is closed.
  void abort_later(std::shared_ptr<StreamUser> user, bool writable);

 protected:
  bool has_some_to_tell() const { return !to_tell_.empty(); }
  void tell_them();

 private:
  struct ToTell {
    std::shared_ptr<StreamUser> user;
    bool writable;
    boost::system::error_code error;
  };
  std::vector<ToTell> to_tell_;
};

/// For a system call: from nothing to an hour.
timespec timespec_of(Duration time);

/// The engine that a setting means on this machine: never IoMode::automatic. Fails when the kernel refuses
/// io_uring, and says why.
Result<IoMode> usable_io(IoMode wanted);

/// `mode`: what `usable_io` has said. Throws std::system_error when the kernel gives no descriptor or memory.
std::unique_ptr<IoEngine> make_io_engine(IoMode mode);

}  // namespace troupe::actors
