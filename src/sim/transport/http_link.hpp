#pragma once

#include <optional>
#include <string>

#include "sim/transport/http_response_parser.hpp"
#include "sim/transport/http_transport.hpp"

namespace troupe::sim {

/// A user's connection to an HTTP server: one request at a time, one send and one recv each as long as they
/// fit. The socket is watched while it is open, so that a server's close between two requests is seen and is
/// no failure.
class HttpLink final : public Link {
 public:
  HttpLink(caf::event_based_actor& user, const HttpTarget& target, HttpSeat& seat, std::uint64_t number);
  ~HttpLink() override { disconnect(); }

  std::optional<Answer> send(Call& call, std::uint64_t ticket, TimePoint now) override;
  std::optional<Answer> on_socket(const LinkReady& ready) override;
  void give_up() override { disconnect(); }
  void close() override { disconnect(); }

 private:
  enum class State { closed, connecting, idle, sending, waiting };

  std::optional<Answer> connect();
  std::optional<Answer> on_connected();
  std::optional<Answer> write(std::string_view bytes);
  std::optional<Answer> read(bool hung_up);
  std::optional<Answer> take(std::string_view bytes);
  std::optional<Answer> parse(std::string_view bytes);
  std::optional<Answer> on_closed_by_server();
  std::optional<Answer> complete();
  Answer fail(CallOutcome outcome, std::string_view what, int error_number = 0);
  void disconnect();

  caf::event_based_actor& user_;
  const HttpTarget& target_;
  HttpSeat& seat_;
  SocketPoller::Watch watch_;  ///< its generation counts connections
  std::uint64_t number_;
  int socket_ = -1;
  State state_ = State::closed;
  bool used_before_ = false;              ///< the connection has carried a request already
  const Task* task_ = nullptr;            ///< of the call under way
  const TableMaterial* table_ = nullptr;  ///< the same
  std::optional<ResponseParser> parser_;
  std::string unsent_;    ///< of the request: while connecting, or when the socket is full
  std::string unparsed_;  ///< of the response: a header that is not whole
};

}  // namespace troupe::sim
