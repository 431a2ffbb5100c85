#pragma once

#include <boost/asio/ip/address.hpp>
#include <caf/actor.hpp>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "actors/io/byte_stream.hpp"
#include "http/limits/peers.hpp"
#include "http/server/outgoing_bytes.hpp"
#include "http/server/request_parser.hpp"
#include "http/server/response.hpp"
#include "http/server/session_host.hpp"

namespace troupe::http {

/// One client connection: its stream, its limits and its deadlines. Turns bytes into HttpRequest messages for
/// its connection actor, one at a time (pipelined requests wait their turn, so answers keep their order), and
/// the actor's answer into bytes. Lives on the thread of its host's worker; kept alive by its pending
/// operations and by the request under way.
class Session final : public std::enable_shared_from_this<Session>,
                      public SessionHook,
                      private actors::StreamUser {
 public:
  /// `peer`: who is at the other end. `owns_actor`: the actor is told to stop at the session's end. `seat`:
  /// what the client's connections count by.
  Session(std::unique_ptr<actors::ByteStream> stream, const boost::asio::ip::address& peer,
          std::shared_ptr<SessionHost> host, caf::actor actor, bool owns_actor, PeerSeat seat = {});
  ~Session();
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  void start();

  /// Answers the request under way. `bytes` is the whole response; when not `keep_alive` it said so. Callable
  /// from any thread; takes the caller's reference along, so that the last one is never dropped on a thread
  /// that is not the session's.
  static void respond(std::shared_ptr<Session> session, OutgoingBytes bytes, bool keep_alive);

  /// Looks at the deadline. On the worker's thread.
  void check_deadline(TimePoint now);
  /// Closes if no request is under way. On the worker's thread.
  void close_if_idle();
  /// Closes at once. On the worker's thread.
  void close();

  SessionHost& host() { return *host_; }
  /// The address of the other end, which may be a proxy's. From any thread.
  const boost::asio::ip::address& peer() const { return peer_; }
  bool is_closed() const { return state_ == State::closed; }
  /// Since when no request is under way; TimePoint::max() while one is. On the worker's thread.
  TimePoint idle_since() const;
  /// What it is about, as people call it. On the worker's thread.
  std::string_view doing() const;
  /// When somebody must look at it at the latest.
  TimePoint deadline() const { return deadline_; }
  /// The wheel's part: where this session is there.
  void will_be_seen_at(SessionWheel::Tick tick) { seen_at_ = tick; }

 private:
  /// An answer that did not fit the stream at once.
  struct Unsent {
    OutgoingBytes bytes;
    std::size_t begin;     ///< what is before it was written
    std::ptrdiff_t taken;  ///< the client had got so much when its deadline was last moved
    /// Less than none when the answer before it is on the way, too.
    std::ptrdiff_t taken_of(std::size_t on_the_way) const {
      return static_cast<std::ptrdiff_t>(begin) - static_cast<std::ptrdiff_t>(on_the_way);
    }
  };

  enum class State : std::uint8_t {
    idle,
    reading_header,
    reading_body,
    answering,
    writing,
    lingering,
    closed
  };

  void wait_readable();
  void on_readable(boost::system::error_code error) override;
  void read();
  void parse(std::string_view bytes);
  void on_progress(RequestParser::Status status);
  void refuse(const Problem& problem);
  void send_continue();
  void write(OutgoingBytes bytes, bool keep_alive);
  std::size_t write_some(const OutgoingBytes& bytes, std::size_t begin, boost::system::error_code& error);
  void on_writable(boost::system::error_code error) override;
  void on_written();
  void linger();
  void drop_unsent();
  std::optional<Problem> hold(std::size_t bytes);
  bool keep(const OutgoingBytes& bytes);
  std::optional<Problem> no_room_for(const OutgoingBytes& bytes);
  void move_deadline(std::size_t bytes);
  void see_what_was_taken();
  void enter(State state, std::chrono::milliseconds timeout);
  std::shared_ptr<actors::StreamUser> as_user();

  std::unique_ptr<actors::ByteStream> stream_;
  const boost::asio::ip::address peer_;
  std::shared_ptr<SessionHost> host_;  ///< shared: a request that PostgreSQL holds up can outlive the server
  PeerSeat seat_;  ///< among its client's connections; not one of a proxy's, or without such limits
  caf::actor actor_;
  bool owns_actor_;
  bool waiting_readable_ = false;
  bool continue_sent_ = false;
  bool safe_ = false;       ///< the request under way changes nothing
  bool answered_ = false;   ///< a request, so that it may be idle
  bool keep_alive_ = true;  ///< after the answer that is being written
  State state_ = State::idle;
  SessionWheel::Tick seen_at_ = 0;
  TimePoint deadline_ = TimePoint::max();
  TimePoint started_{};                    ///< when the first byte of the request under way was read
  std::unique_ptr<RequestParser> parser_;  ///< only while a message is under way
  std::size_t held_ = 0;                   ///< counted in the host's memory: read and not yet answered
  std::string unparsed_;                   ///< read and not yet consumed by the parser
  std::unique_ptr<Unsent> unsent_;         ///< only while the client takes an answer slowly
};

}  // namespace troupe::http
