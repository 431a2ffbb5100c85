#include "sim/transport/http_link.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <utility>

#include "schema/body.hpp"
#include "sim/transport/render_request.hpp"

namespace troupe::sim {

namespace http = boost::beast::http;
namespace ip = boost::asio::ip;

namespace {

bool must_wait(int error_number) {
  return error_number == EAGAIN || error_number == EWOULDBLOCK;
}

void set_option(int socket, int level, int name) {
  // An option that cannot be set costs speed, not correctness.
  const int on = 1;
  static_cast<void>(::setsockopt(socket, level, name, &on, sizeof on));
}

/// A fault of the machine we run on, which says nothing of the server.
bool is_own_limit(int error_number) {
  switch (error_number) {
    case EADDRNOTAVAIL:  // no port is left
    case EMFILE:
    case ENFILE:
    case ENOBUFS:
    case ENOMEM:
      return true;
    default:
      return false;
  }
}

bool bind_to(int socket, const ip::address& source) {
  // Without this the port would be chosen before the target is known, and counted against every target.
  set_option(socket, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT);
  ip::tcp::endpoint endpoint(source, 0);
  return ::bind(socket, endpoint.data(), static_cast<socklen_t>(endpoint.size())) == 0;
}

}  // namespace

HttpLink::HttpLink(caf::event_based_actor& user, const HttpTarget& target, HttpSeat& seat,
                   std::uint64_t number)
    : user_(user), target_(target), seat_(seat), number_(number) {}

std::optional<Answer> HttpLink::send(Call& call, std::uint64_t, TimePoint) {
  task_ = call.task;
  table_ = call.table;
  render_request(target_, call, seat_.request, seat_.body);
  const bool needs_body = task_->operation == Operation::create || !task_->checks.body_contains.empty();
  parser_.emplace(needs_body);
  if (task_->method == "HEAD") parser_->skip(true);
  if (state_ == State::idle) return write(seat_.request);
  unsent_ = seat_.request;
  return connect();
}

// ---- the connection's life

std::optional<Answer> HttpLink::connect() {
  disconnect();
  const auto& endpoint = target_.endpoint;
  socket_ = ::socket(endpoint.protocol().family(), SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (socket_ < 0) return fail(CallOutcome::connection, "cannot open a socket", errno);
  set_option(socket_, IPPROTO_TCP, TCP_NODELAY);
  if (const auto source = source_for(endpoint.address(), number_); source && !bind_to(socket_, *source)) {
    return fail(CallOutcome::connection, "cannot bind a source address", errno);
  }
  used_before_ = false;
  const int result = ::connect(socket_, endpoint.data(), static_cast<socklen_t>(endpoint.size()));
  if (result != 0 && errno != EINPROGRESS) return fail(CallOutcome::connection, "cannot connect", errno);
  state_ = State::connecting;
  watch_ = {caf::actor_cast<caf::actor>(&user_), watch_.generation + 1, true};
  if (!seat_.poller.add(socket_, watch_))
    return fail(CallOutcome::connection, "cannot watch a socket", errno);
  return std::nullopt;
}

std::optional<Answer> HttpLink::on_connected() {
  int error_number = 0;
  socklen_t size = sizeof error_number;
  if (::getsockopt(socket_, SOL_SOCKET, SO_ERROR, &error_number, &size) != 0) error_number = errno;
  if (error_number != 0) return fail(CallOutcome::connection, "cannot connect", error_number);
  return write(std::exchange(unsent_, {}));
}

void HttpLink::disconnect() {
  if (socket_ < 0) return;
  seat_.poller.remove(socket_);
  ::close(socket_);
  watch_.owner = nullptr;  // which holds this link
  socket_ = -1;
  state_ = State::closed;
  unparsed_.clear();
}

// ---- out

std::optional<Answer> HttpLink::write(std::string_view bytes) {
  const auto sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
  if (sent == static_cast<ssize_t>(bytes.size())) {
    state_ = State::waiting;
    watch_.wants_writable = false;
    return std::nullopt;
  }
  if (sent < 0 && !must_wait(errno)) {
    const int error_number = errno;
    if (!used_before_) return fail(CallOutcome::connection, "cannot send", error_number);
    // The server closed while we were idle and has not seen this request: that is a new connection, not a
    // failure.
    unsent_ = bytes;
    return connect();
  }
  unsent_ = bytes.substr(static_cast<std::size_t>(std::max<ssize_t>(sent, 0)));
  state_ = State::sending;
  watch_.wants_writable = true;
  return std::nullopt;
}

// ---- in

std::optional<Answer> HttpLink::on_socket(const LinkReady& ready) {
  if (socket_ < 0 || ready.generation != watch_.generation) return std::nullopt;
  if (ready.writable) {
    std::optional<Answer> answer;
    if (state_ == State::connecting) {
      answer = on_connected();
    } else if (state_ == State::sending) {
      answer = write(std::exchange(unsent_, {}));
    }
    if (answer || socket_ < 0 || ready.generation != watch_.generation) return answer;
  }
  return ready.readable ? read(ready.hung_up) : std::nullopt;
}

std::optional<Answer> HttpLink::read(bool hung_up) {
  for (;;) {
    const auto count = ::recv(socket_, seat_.buffer.data(), seat_.buffer.size(), 0);
    if (count < 0 && must_wait(errno)) return std::nullopt;
    if (state_ != State::waiting && state_ != State::sending) {
      disconnect();  // the server closed, or speaks unasked: either way this connection is done
      return std::nullopt;
    }
    if (count < 0) return fail(CallOutcome::connection, "connection broke", errno);
    if (count == 0) return on_closed_by_server();
    const auto answer = take({seat_.buffer.data(), static_cast<std::size_t>(count)});
    if (answer) {
      if (hung_up) disconnect();  // there will be no second word about its end
      return answer;
    }
    // A short read has emptied the socket, and what comes later is told again; but the end may have come with
    // it.
    if (!hung_up && count < static_cast<ssize_t>(seat_.buffer.size())) return std::nullopt;
  }
}

std::optional<Answer> HttpLink::take(std::string_view bytes) {
  if (unparsed_.empty()) return parse(bytes);
  unparsed_.append(bytes);
  return parse(std::exchange(unparsed_, {}));
}

std::optional<Answer> HttpLink::on_closed_by_server() {
  boost::beast::error_code error;
  if (parser_->got_some()) parser_->put_eof(error);
  if (!parser_->got_some() || error)
    return fail(CallOutcome::connection, "closed by the server before its answer was whole");
  auto answer = complete();
  disconnect();
  return answer;
}

std::optional<Answer> HttpLink::parse(std::string_view bytes) {
  for (;;) {
    boost::beast::error_code error;
    const auto used = parser_->put(boost::asio::buffer(bytes), error);
    bytes.remove_prefix(used);
    if (error && error != http::error::need_more) return fail(CallOutcome::protocol, error.message());
    if (!parser_->is_done()) {
      if (!error && used > 0 && !bytes.empty()) continue;
      unparsed_.assign(bytes);
      return std::nullopt;
    }
    if (parser_->status() >= 200) break;
    parser_.emplace(task_->operation == Operation::create ||
                    !task_->checks.body_contains.empty());  // 1xx: not yet the answer
    if (bytes.empty()) return std::nullopt;
  }
  if (!bytes.empty()) return fail(CallOutcome::protocol, "more bytes than the response has");
  return complete();
}

std::optional<Answer> HttpLink::complete() {
  Answer answer;
  answer.status = parser_->status();
  answer.content_bytes = parser_->body_bytes();
  if (task_->operation == Operation::create)
    answer.created = schema::read_shown_key(table_->resource->resource, parser_->body()).value_or("");
  const auto& wanted = task_->checks.body_contains;
  answer.body_matches = wanted.empty() || parser_->body().find(wanted) != std::string::npos;
  used_before_ = true;
  if (parser_->keep_alive() &&
      state_ == State::waiting) {  // an answer to half a request leaves the rest unsent
    state_ = State::idle;
  } else {
    disconnect();
  }
  return answer;
}

Answer HttpLink::fail(CallOutcome outcome, std::string_view what, int error_number) {
  disconnect();
  state_ = State::closed;
  unsent_.clear();
  seat_.message = what;
  if (error_number != 0) seat_.message += ": " + std::generic_category().message(error_number);
  return {.outcome = is_own_limit(error_number) ? CallOutcome::generator : outcome, .message = seat_.message};
}

}  // namespace troupe::sim
