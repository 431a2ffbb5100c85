#pragma once

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <chrono>
#include <functional>
#include <future>
#include <iosfwd>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <thread>

#include "report/status_line.hpp"
#include "support/result.hpp"
#include "support/settings.hpp"

// What every sub-command that runs a server of its own does at its start.

namespace troupe::cli {

/// The signals that ask this process to stop, listened to by a thread of its own from construction on:
/// SIGINT, SIGTERM and, unless it means something else to the command, SIGHUP, which stays ignored where it
/// was ignored from the start (nohup). The first one asks to stop, also during start-up, a second one ends
/// the process at once.
class StopSignal {
 public:
  /// All are called on that thread: `on_stop` at the first signal that asks to stop, `on_hang_up`, if given,
  /// at each SIGHUP, which then does not ask to stop, and `on_end` right before a second one ends the
  /// process.
  explicit StopSignal(std::function<void()> on_stop = {}, std::function<void()> on_hang_up = {},
                      std::function<void()> on_end = {});
  ~StopSignal();
  bool requested() const { return requested_; }
  /// Blocks until the first signal.
  void wait() { came_.get_future().wait(); }

  /// A second signal will not end the process but a `delay`. Before `wait`.
  void allow_delay() { delays_ = true; }
  /// Blocks for `time`, or until the second signal; the next one then has its default effect.
  void delay(std::chrono::milliseconds time);

  /// As long as the returned object lives, a signal ends the process within milliseconds, with `code`: for a
  /// part of the start-up that waits for others, cannot be interrupted and leaves nothing to be cleaned up.
  [[nodiscard]] std::shared_ptr<void> exits_at_once(int code);

 private:
  void listen();
  void on_signal(int signal);
  void end_by(int signal);

  boost::asio::io_context loop_;
  boost::asio::signal_set signals_;
  std::function<void()> on_stop_, on_hang_up_, on_end_;
  std::atomic<bool> requested_{false};
  std::atomic<int> exit_code_{-1};  ///< negative: a signal asks
  std::atomic<bool> delays_{false};
  std::promise<void> came_, hurried_;
  std::thread thread_;
};

/// Open files that so many workers and connections to PostgreSQL need.
std::size_t descriptors_for(std::size_t workers, std::size_t database_connections);

/// Raises the soft limit on open files to the hard one; how many this process may have open now.
std::size_t raise_descriptor_limit();

/// Sockets that this process holds for so many users over HTTP; a server of our own has the other ends.
constexpr std::size_t sockets_for(std::size_t users, bool own_server) {
  return own_server ? 2 * users : users;
}

/// Why `who` ("a cell needs") cannot have so many files open beside those that every command has, after the
/// limit was raised; `lower` is what would help ("--users").
std::optional<std::string> too_many_files(std::string_view who, std::size_t files, std::string_view lower);

/// Raises the limit on open files, and lowers server.max_connections, with a warning, to what fits.
void fit_descriptors(Settings& settings);

/// exit_usage for input at fault, else exit_database_away.
int exit_code_of(const Error& error);

/// Prints "troupe: message" on standard error and returns `code`.
int fail(int code, const std::string& message);

/// The line that a long command shows of itself on `out`, which writes to `descriptor` (1 or 2).
report::StatusLine status_line(std::ostream& out, int descriptor, bool quiet);

}  // namespace troupe::cli
