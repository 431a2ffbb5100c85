#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "actors/io/sockets.hpp"
#include "actors/runtime/worker.hpp"
#include "http/access_log/access_line.hpp"
#include "http/access_log/byte_ring.hpp"
#include "support/log_limiter.hpp"
#include "support/result.hpp"
#include "support/settings.hpp"

namespace troupe::http {

/// The access log: lines wait in a ring for each worker (`access_log.buffer` in all) until a thread of its
/// own writes them. Nobody waits for that thread: what finds no room is dropped, counted, and told of in the
/// log once a minute. Lines stay whole; those of one worker keep their order.
class AccessLog : public std::enable_shared_from_this<AccessLog> {
 public:
  /// Lines gather from now on. `workers` must outlive this.
  AccessLog(actors::Workers& workers, AccessLogSettings settings);
  ~AccessLog();
  AccessLog(const AccessLog&) = delete;
  AccessLog& operator=(const AccessLog&) = delete;

  /// Opens the file, as the user that this process is now, and begins to write. Once.
  Result<void> open();
  /// Opens the file anew as soon as what waits is written: whoever rotates logs has moved it away. When that
  /// fails the old one stays, with a line in the log. From any thread.
  void reopen();
  /// Writes what is there and ends, for which a reader of a pipe has two seconds. Not from a worker; when no
  /// answer is made any more.
  void stop();

  /// A line for `record`. `home`: the worker that the answer is made on. From any thread; never waits.
  void add(actors::Worker& home, const AccessRecord& record, std::chrono::system_clock::time_point now);

  AccessLogFormat format() const { return settings_.format; }
  /// Lines that were lost since the start.
  std::uint64_t dropped() const { return dropped_.load(std::memory_order_relaxed); }

 private:
  struct Target {
    actors::Descriptor file;
    bool regular = true;  ///< takes what it is given; a pipe is given little at a time
  };

  Result<Target> open_target() const;
  void put(std::size_t worker, std::string_view line);
  void wake();
  void write_on();
  void wait();
  void open_again();
  void write_all();
  std::string_view write_lines(std::string_view lines);
  bool wait_for_reader();
  void lose(std::uint64_t lines) { dropped_.fetch_add(lines, std::memory_order_relaxed); }
  void tell_of_losses();

  actors::Workers& workers_;
  const AccessLogSettings settings_;
  std::vector<std::unique_ptr<ByteRing>> rings_;  ///< by worker
  actors::Descriptor wakeup_;
  std::atomic<bool> asked_{false}, reopen_asked_{false}, stopping_{false};
  std::atomic<std::uint64_t> dropped_{0};
  std::thread thread_;

  // The writer's own.
  Target target_;
  std::string fault_;            ///< why the last write failed
  char last_ = '\n';             ///< that was written
  bool torn_ = false;            ///< a line was begun and the rest of it is lost
  std::uint64_t told_ = 0;       ///< of `dropped_`
  std::size_t waits_left_ = 20;  ///< for a reader, once it is to stop
  LogLimiter limiter_;
};

}  // namespace troupe::http
