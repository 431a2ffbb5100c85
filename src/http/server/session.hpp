#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <caf/actor.hpp>
#include <memory>
#include <string>

#include "http/server/request_parser.hpp"
#include "http/server/response.hpp"
#include "http/server/session_host.hpp"

namespace troupe::http {

/// One client connection: the socket, its limits and its deadlines. Turns bytes into HttpRequest messages for
/// its connection actor, one at a time (pipelined requests wait their turn, so answers keep their order), and
/// the actor's answer into bytes. Lives on the thread of its host's worker; kept alive by its pending
/// operations and by the request under way.
class Session : public std::enable_shared_from_this<Session>, public SessionHook {
 public:
  Session(boost::asio::ip::tcp::socket socket, std::shared_ptr<SessionHost> host, caf::actor actor,
          bool owns_actor);
  ~Session();
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  void start();

  /// Answers the request under way. `bytes` is the whole response; when not `keep_alive` it said so. Callable
  /// from any thread; takes the caller's reference along, so that the last one is never dropped on a thread
  /// that is not the session's.
  static void respond(std::shared_ptr<Session> session, std::string bytes, bool keep_alive);

  /// Looks at the deadline. On the worker's thread.
  void check_deadline(TimePoint now);
  /// Closes if no request is under way. On the worker's thread.
  void close_if_idle();
  /// Closes at once. On the worker's thread.
  void close();

  SessionHost& host() { return *host_; }

 private:
  enum class State { idle, reading_header, reading_body, answering, writing, lingering, closed };

  void wait_readable();
  void on_readable();
  void parse(std::string_view bytes);
  void on_progress(RequestParser::Status status);
  void refuse(const Rejection& rejection);
  void send_continue();
  void write(std::string bytes, bool keep_alive);
  void on_written(bool keep_alive);
  void linger();
  void enter(State state, std::chrono::milliseconds timeout);

  boost::asio::ip::tcp::socket socket_;
  std::shared_ptr<SessionHost> host_;  ///< shared: a request that PostgreSQL holds up can outlive the server
  caf::actor actor_;
  bool owns_actor_;
  bool waiting_readable_ = false;
  bool continue_sent_ = false;
  State state_ = State::idle;
  TimePoint deadline_ = TimePoint::max();
  TimePoint started_{};                    ///< when the first byte of the request under way was read
  std::unique_ptr<RequestParser> parser_;  ///< only while a message is under way
  std::string unparsed_;                   ///< read and not yet consumed by the parser
};

}  // namespace troupe::http
