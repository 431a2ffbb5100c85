#pragma once

#include <array>
#include <boost/asio/ip/address.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "actors/io/io_engine.hpp"
#include "sim/client/live_origin.hpp"
#include "sim/client/request_times.hpp"
#include "sim/client/response_reader.hpp"
#include "sim/result/call_outcome.hpp"
#include "support/time.hpp"

namespace troupe::sim {

class TlsClientStream;

/// What the connections of one thread share.
struct ConnectionPlace {
  actors::IoEngine& io;
  /// Calls back on this thread, after a while.
  std::function<void(Duration, std::function<void()>)> call_later;
  std::function<TimePoint()> now;        ///< by the clock, not by the turn
  std::array<char, 64 * 1024> buffer{};  ///< what a read brings
};

/// For one address to accept a connection, as long as another one is left to be tried. A SYN that was lost is
/// sent again after a second.
constexpr Duration most_for_an_address = std::chrono::seconds(2);

/// Who is told that a request has been answered, or has failed.
class HttpConnectionUser {
 public:
  virtual void on_answered() = 0;

 protected:
  ~HttpConnectionUser() = default;
};

/// A client's way to one origin: one request at a time over HTTP/1.1, on a connection that is opened when it
/// is needed and used again as long as the server lets it. Between requests it is watched, so that a server's
/// close is seen and is no failure. A request of an idempotent method on a *used* connection that gave
/// nothing back is sent once more on a new one (RFC 9112 section 9.3.1), any other only if none of it was
/// sent. Used on its engine's thread.
class HttpConnection final : public actors::StreamUser,
                             private actors::WatchUser,
                             public std::enable_shared_from_this<HttpConnection> {
 public:
  struct Request {
    std::string_view bytes{};  ///< alive until it is answered; empty: only open a connection
    bool is_head = false;      ///< its method is HEAD
    bool idempotent = false;   ///< RFC 9110 section 9.2.2
    ResponseReader::Wanted wanted{};
  };

  /// What is passed by reference outlives the connection, but for `user`, who closes it. `number`: spreads
  /// users over source addresses (source_for).
  HttpConnection(ConnectionPlace& place, LiveOrigin& origin, std::uint64_t number, HttpConnectionUser& user);

  /// Sends a request. `user` is told of its end, maybe from within this.
  void send(const Request& request);
  /// Ends what is under way; nobody is told.
  void close() { drop(); }

  // ---- of a request that is answered

  CallOutcome outcome() const { return outcome_; }
  const std::string& message() const { return message_; }  ///< of a failure
  ResponseReader& response() { return response_; }         ///< CallOutcome::ok
  std::size_t address() const { return address_; }         ///< which of the origin's it was sent to
  const RequestTimes& times() const { return times_; }

 private:
  enum class State { closed, resolving, connecting, idle, busy };

  void connect();
  void wait_for_addresses();
  void try_addresses();
  void limit_attempt();
  void give_up_address(int error_number);
  bool begin_connect();
  bool open_socket(const SocketAddress& address);
  bool failed_to_connect(const char* what, int error_number);
  void on_ready(bool writable) override;
  void on_connected();
  void begin_on(std::unique_ptr<actors::ByteStream> stream);
  Duration end_stage();
  void write();
  void send_again();
  void on_writable(boost::system::error_code error) override;
  void on_readable(boost::system::error_code error) override;
  void take(std::string_view bytes);
  void on_end(boost::system::error_code error);
  void fail(CallOutcome outcome, std::string_view what, int error_number = 0);
  void drop();
  bool may_send_again() const;

  ConnectionPlace& place_;
  LiveOrigin& origin_;
  HttpConnectionUser& user_;
  std::uint64_t number_;
  std::uint64_t attempts_ = 0;  ///< to reach an address
  std::size_t address_ = 0;     ///< the one that is tried, or worked last
  unsigned version_ = 0;        ///< of the addresses that it is one of
  std::size_t tried_ = 0;       ///< addresses, of this attempt to connect
  actors::Descriptor socket_;   ///< while it connects
  std::unique_ptr<actors::Watch> watch_;
  std::unique_ptr<actors::ByteStream> stream_;
  const TlsClientStream* tls_ = nullptr;  ///< the stream, with https
  actors::TlsSession session_;
  ResponseReader response_;
  Request request_;
  std::size_t sent_ = 0;     ///< of it
  RequestTimes times_;       ///< of it
  TimePoint stage_began_{};  ///< while it connects, or the handshake goes on
  std::string message_;
  CallOutcome outcome_ = CallOutcome::ok;
  State state_ = State::closed;
  bool handshaking_ = false;
  bool used_ = false;        ///< the connection has carried a request before this one
  bool sent_again_ = false;  ///< this request
};

/// The loopback address that the connection of user `number` is to come from; nullopt: the system chooses.
/// One address has ports for about 28,000 connections (ip_local_port_range), and users of a loopback target
/// can be more.
std::optional<boost::asio::ip::address> source_for(const boost::asio::ip::address& target,
                                                   std::uint64_t number);

}  // namespace troupe::sim
