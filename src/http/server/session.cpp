#include "http/server/session.hpp"

#include <boost/asio/dispatch.hpp>
#include <boost/asio/error.hpp>
#include <caf/send.hpp>

#include "actors/database/messages.hpp"
#include "http/server/http_request.hpp"
#include "http/server/render.hpp"
#include "http/server/response_head.hpp"

namespace troupe::http {

namespace asio = boost::asio;
using boost::system::error_code;

namespace {

// RFC 9112 section 9.6: closing with unread input would reset the connection and could destroy the answer on
// its way; so only our side is closed, and for this long whatever still comes is read and forgotten.
constexpr auto linger_timeout = std::chrono::seconds(1);

}  // namespace

Session::Session(std::unique_ptr<ByteStream> stream, std::shared_ptr<SessionHost> host, caf::actor actor,
                 bool owns_actor)
    : stream_(std::move(stream)), host_(std::move(host)), actor_(std::move(actor)), owns_actor_(owns_actor) {}

Session::~Session() {
  if (owns_actor_) caf::anon_send(actor_, actors::Stop{});
  host_->on_session_end();
}

void Session::start() {
  host_->add(*this);
  enter(State::idle, host_->context().settings.header_timeout);  // the first request must not take its time
  wait_readable();
}

void Session::enter(State state, std::chrono::milliseconds timeout) {
  state_ = state;
  deadline_ = host_->now() + timeout;
}

std::shared_ptr<StreamUser> Session::as_user() {
  return {shared_from_this(), this};
}

// ---- reading

void Session::wait_readable() {
  if (waiting_readable_ || state_ == State::closed) return;
  waiting_readable_ = true;
  stream_->wait_readable(as_user());
}

void Session::on_readable(error_code error) {
  waiting_readable_ = false;
  if (!error) read();
}

void Session::read() {
  // While an answer is under way nothing is read: a message that was refused (408) must not be finished
  // behind its refusal.
  if (state_ == State::closed || state_ == State::answering || state_ == State::writing) return;
  auto& buffer = host_->buffer();
  error_code ec;
  const auto count = stream_->read_some(buffer, ec);
  if (ec == asio::error::would_block) return wait_readable();
  if (ec) return close();
  if (state_ == State::lingering) return wait_readable();
  if (unparsed_.empty()) {
    parse({buffer.data(), count});
  } else {
    unparsed_.append(buffer.data(), count);
    parse(std::exchange(unparsed_, {}));
  }
}

void Session::parse(std::string_view bytes) {
  if (!parser_) parser_ = host_->borrow_parser();
  if (!parser_->started()) started_ = host_->now();
  const auto progress = parser_->feed(bytes);
  unparsed_.assign(bytes.substr(progress.consumed));
  on_progress(progress.status);
}

void Session::on_progress(RequestParser::Status status) {
  const auto& settings = host_->context().settings;
  switch (status) {
    case RequestParser::Status::rejected:
      return refuse(parser_->rejection());
    case RequestParser::Status::need_more:
      if (parser_->header_done()) {
        if (state_ != State::reading_body) enter(State::reading_body, settings.body_timeout);
      } else if (parser_->started()) {
        if (state_ != State::reading_header) enter(State::reading_header, settings.header_timeout);
      } else if (unparsed_.empty()) {
        host_->give_back(std::move(parser_));
      }
      if (parser_ && parser_->wants_continue() && !std::exchange(continue_sent_, true)) send_continue();
      return wait_readable();
    case RequestParser::Status::complete:
      break;
  }
  state_ = State::answering;
  deadline_ = TimePoint::max();  // the database actor's deadline bounds it
  continue_sent_ = false;
  HttpRequest message{shared_from_this(), std::move(parser_->request()), started_, host_->now()};
  parser_->reset();
  host_->give_back(std::move(parser_));
  caf::anon_send(actor_, std::move(message));
}

void Session::send_continue() {
  // RFC 9110 section 10.1.1. Small and first on an idle socket: it fits the send buffer, or the client is
  // gone.
  error_code ignored;
  const auto count = stream_->write_some(continue_response, ignored);
  if (count != 0 && count != continue_response.size())
    close();  // half a line would spoil the answer behind it
}

void Session::refuse(const Rejection& rejection) {
  const auto response = response_of(problem_of(rejection, host_->context().settings));
  host_->stats().count(HttpStats::max_routes - 1, response.status, host_->now() - started_);
  state_ = State::answering;
  write(render(
            response,
            {.head_only = parser_->request().method == Method::head, .http_1_0 = false, .keep_alive = false}),
        false);
}

// ---- answering

void Session::respond(std::shared_ptr<Session> session, std::string bytes, bool keep_alive) {
  auto& io = session->host_->worker().io();
  asio::dispatch(io, [session = std::move(session), bytes = std::move(bytes), keep_alive]() mutable {
    session->write(std::move(bytes), keep_alive);
  });
}

void Session::write(std::string bytes, bool keep_alive) {
  if (state_ == State::closed) return;
  keep_alive_ = keep_alive;
  error_code ec;
  const auto count = stream_->write_some(bytes, ec);
  if (ec && ec != asio::error::would_block) return close();
  const auto written = ec ? 0 : count;
  if (written == bytes.size()) return on_written();
  // A slow reader: the rest goes as the client takes it, bounded like the reading of a body.
  enter(State::writing, host_->context().settings.body_timeout);
  stream_->write_rest(std::move(bytes), written, as_user());
}

void Session::on_rest_written(error_code error) {
  error ? close() : on_written();
}

void Session::on_written() {
  // Draining may have begun after the answer was made; a pipelined request is still answered.
  const bool draining = host_->context().draining.load(std::memory_order_relaxed);
  if (!keep_alive_ || (draining && unparsed_.empty())) return linger();
  enter(State::idle, host_->context().settings.idle_timeout);
  if (unparsed_.empty()) return wait_readable();
  parse(std::exchange(unparsed_, {}));  // the next pipelined request
}

void Session::linger() {
  error_code ec;
  stream_->end_writing(ec);
  if (ec) return close();
  parser_.reset();
  unparsed_ = {};
  enter(State::lingering, linger_timeout);
  wait_readable();
}

// ---- ending

void Session::check_deadline(TimePoint now) {
  if (now < deadline_) return;
  if (state_ != State::reading_header && state_ != State::reading_body) return close();
  const bool header = state_ == State::reading_header;
  refuse({408, header ? "the header did not arrive in time" : "the body did not arrive in time"});
}

void Session::close_if_idle() {
  if (state_ == State::idle) close();
}

void Session::close() {
  if (state_ == State::closed) return;
  state_ = State::closed;
  stream_->close();  // ends what is pending; its handlers let go of this session
  if (parser_) host_->give_back(std::move(parser_));
}

}  // namespace troupe::http
