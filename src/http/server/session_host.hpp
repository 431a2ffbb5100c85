#pragma once

#include <array>
#include <functional>
#include <map>
#include <memory>
#include <string_view>
#include <vector>

#include "actors/runtime/worker.hpp"
#include "http/server/idle_sessions.hpp"
#include "http/server/request_parser.hpp"
#include "http/server/server_context.hpp"
#include "http/server/session_wheel.hpp"

namespace troupe::http {

/// What the sessions of one worker share, so that an idle connection owns next to nothing: the buffer they
/// read into, the parsers they borrow while a message is under way, one timer that looks for passed
/// deadlines. Used on the worker's thread only.
class SessionHost : public std::enable_shared_from_this<SessionHost> {
 public:
  SessionHost(actors::Worker& worker, const std::shared_ptr<ServerContext>& context);

  /// Looks around from now on, a few times a second.
  void start();
  /// Closes sessions whose deadline has passed, and looks after memory. On the worker's thread.
  void look_around();
  /// Closes idle sessions; the others close after their answer. Waits until that is done; not from a worker.
  void drain();
  /// Closes every session at once. Like `drain`.
  void abort();

  /// Since when the session that has been idle for longest is so; TimePoint::max() when none is. On the
  /// worker's thread.
  TimePoint longest_idle();
  /// Closes that one; false when there is none any more. On the worker's thread.
  bool close_longest_idle();
  /// How many sessions are about what (Session::doing). On the worker's thread.
  std::map<std::string_view, std::size_t> count_sessions();

  SessionWheel& wheel() { return wheel_; }
  std::unique_ptr<RequestParser> borrow_parser();
  void give_back(std::unique_ptr<RequestParser> parser);
  /// Called by a session's end, wherever that happens to be.
  std::function<void()> on_session_end;

  std::array<char, 64 * 1024>& buffer() { return buffer_; }
  actors::Worker& worker() { return worker_; }
  ServerContext& context() { return *context_; }
  HttpStats& stats() { return *context_->stats[worker_.index()]; }
  MemoryShare& memory() { return memory_; }
  /// Counts that a client would hold more than limits.client_memory, and says so.
  Problem client_has_too_much();
  TimePoint now() { return context_->time(worker_.timers()); }

 private:
  void look_again();
  void look_after_memory();

  actors::Worker& worker_;
  std::shared_ptr<ServerContext> context_;
  ParserLimits limits_;
  MemoryShare memory_;
  TimePoint trimmed_{};
  TimePoint complained_{};  ///< of too little memory
  bool stopped_ = false;
  std::vector<std::unique_ptr<RequestParser>> free_parsers_;
  SessionWheel wheel_;
  IdleSessions candidates_;
  std::array<char, 64 * 1024> buffer_;
};

}  // namespace troupe::http
