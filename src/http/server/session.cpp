#include "http/server/session.hpp"

#include <algorithm>
#include <array>
#include <boost/asio/error.hpp>
#include <caf/send.hpp>
#include <utility>

#include "actors/database/messages.hpp"
#include "http/server/answer_fields.hpp"
#include "http/server/http_request.hpp"
#include "http/server/log_answer.hpp"
#include "http/server/render.hpp"
#include "http/server/request_limits.hpp"
#include "http/server/response_head.hpp"
#include "http/server/spare_memory.hpp"

namespace troupe::http {

namespace asio = boost::asio;
using boost::system::error_code;

namespace {

// RFC 9112 section 9.6: closing with unread input would reset the connection and could destroy the answer on
// its way; so only our side is closed, and for this long whatever still comes is read and forgotten.
constexpr auto linger_timeout = std::chrono::seconds(1);
/// What a session may hold without being counted: most requests are smaller.
constexpr std::size_t uncounted = 1024;
/// An answer up to here is likely to fit the socket's buffer: it is written without asking whether what does
/// not fit could be kept.
constexpr std::size_t likely_to_fit = 64 * 1024;
/// The kernel takes megabytes at once, and copies them on this thread: others wait meanwhile.
constexpr std::size_t bytes_at_once = 64 * 1024;

}  // namespace

Session::Session(std::unique_ptr<actors::ByteStream> stream, const asio::ip::address& peer,
                 std::shared_ptr<SessionHost> host, caf::actor actor, bool owns_actor, PeerSeat seat)
    : stream_(std::move(stream)),
      peer_(peer),
      host_(std::move(host)),
      seat_(std::move(seat)),
      actor_(std::move(actor)),
      owns_actor_(owns_actor) {}

Session::~Session() {
  if (owns_actor_) caf::anon_send(actor_, actors::Stop{});
  host_->on_session_end();
}

void Session::start() {
  const auto& context = host_->context();
  // The first request must not take its time, nor must the handshake before it.
  enter(State::idle, context.tls ? context.tls->handshake_timeout() : context.settings.header_timeout);
  host_->wheel().put(*this, deadline_);
  wait_readable();
}

void Session::enter(State state, std::chrono::milliseconds timeout) {
  state_ = state;
  deadline_ = host_->now() + timeout;
  auto& wheel = host_->wheel();
  if (wheel.tick_of(deadline_) < seen_at_) wheel.put(*this, deadline_);
}

std::shared_ptr<actors::StreamUser> Session::as_user() {
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
  error ? close() : read();
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
  if (state_ == State::reading_body) move_deadline(count);
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
  if (progress.status != RequestParser::Status::rejected) {
    if (const auto full = hold(unparsed_.capacity() + parser_->held())) return refuse(*full);
  }
  on_progress(progress.status);
}

/// Counts what this session has read and not yet answered; why not when there is no memory left for it.
std::optional<Problem> Session::hold(std::size_t bytes) {
  const auto counted = bytes > uncounted ? bytes : 0;
  if (counted == held_) return std::nullopt;
  if (!seat_.change(held_, counted)) return host_->client_has_too_much();
  if (!host_->memory().change(held_, counted)) {
    seat_.change(counted, held_);
    return memory_used_up();
  }
  held_ = counted;
  return std::nullopt;
}

void Session::on_progress(RequestParser::Status status) {
  const auto& settings = host_->context().settings;
  switch (status) {
    case RequestParser::Status::rejected:
      return refuse(problem_of(parser_->rejection(), settings));
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
  const auto method = parser_->request().method;
  safe_ = method == Method::get || method == Method::head || method == Method::options;
  HttpRequest message{shared_from_this(), std::move(parser_->request()), started_, host_->now()};
  parser_->reset();
  host_->give_back(std::move(parser_));
  caf::anon_send(actor_, std::move(message));
}

void Session::send_continue() {
  // RFC 9110 section 10.1.1. Small and first on an idle socket: it fits the send buffer, or the client is
  // gone.
  error_code ignored;
  const auto count = stream_->write_some({&continue_response, 1}, ignored);
  if (count != 0 && count != continue_response.size())
    close();  // half a line would spoil the answer behind it
}

void Session::refuse(const Problem& problem) {
  auto response = response_of(problem);
  host_->stats().count(HttpStats::place_of_none, response.status, host_->now() - started_);
  state_ = State::answering;
  auto& request = parser_->request();
  if (wants_answer_fields(host_->context(), request))
    add_answer_fields(host_->context(), host_->worker().index(), request, response);
  const auto client = client_of(*host_->context().limits, peer_, request);
  log_answer(host_->context(), host_->worker(), {request, client, {}, {}}, response, host_->now() - started_);
  const bool head_only = request.method == Method::head;
  // What was read is of no use any more, and the client may be slow to take the refusal.
  parser_.reset();
  unparsed_ = {};
  write(render(std::move(response), {.head_only = head_only, .http_1_0 = false, .keep_alive = false}), false);
}

// ---- answering

void Session::respond(std::shared_ptr<Session> session, OutgoingBytes bytes, bool keep_alive) {
  auto& worker = session->host_->worker();
  if (actors::Worker::current() == &worker) return session->write(std::move(bytes), keep_alive);
  worker.post([session = std::move(session), bytes = std::move(bytes), keep_alive]() mutable {
    session->write(std::move(bytes), keep_alive);
  });
}

void Session::write(OutgoingBytes bytes, bool keep_alive) {
  if (state_ == State::closed) return;
  hold(unparsed_.capacity());
  if (auto problem = no_room_for(bytes)) {
    if (!safe_) problem->outcome = "unknown";
    keep_alive = false;
    bytes = render(response_of(*problem), {.head_only = false, .http_1_0 = false, .keep_alive = false});
  }
  keep_alive_ = keep_alive;
  error_code ec;
  const auto written = write_some(bytes, 0, ec);
  if (ec && ec != asio::error::would_block) return close();
  if (written == bytes.size()) {
    spare_memory().give_back(std::move(bytes.head));
    return on_written();
  }
  // A slow reader: the rest goes as the client takes it, bounded like the reading of a body.
  if (!keep(bytes)) return close();
  enter(State::writing, host_->context().settings.body_timeout);
  unsent_ = std::make_unique<Unsent>(Unsent{std::move(bytes), written, 0});
  unsent_->taken = unsent_->taken_of(stream_->on_the_way());
  stream_->wait_writable(as_user());
}

/// Why an answer that may have to be kept could not be.
std::optional<Problem> Session::no_room_for(const OutgoingBytes& bytes) {
  if (bytes.size() <= likely_to_fit) return std::nullopt;
  if (!seat_.has_room_for(bytes.size())) return host_->client_has_too_much();
  return host_->memory().can_keep(bytes) ? std::nullopt : std::optional(memory_used_up());
}

bool Session::keep(const OutgoingBytes& bytes) {
  if (!seat_.change(0, bytes.size())) {
    host_->client_has_too_much();
    return false;
  }
  if (host_->memory().keep(bytes)) return true;
  seat_.change(bytes.size(), 0);
  return false;
}

std::size_t Session::write_some(const OutgoingBytes& bytes, std::size_t begin, error_code& error) {
  auto pieces = bytes.from(begin);
  pieces[1] = pieces[1].substr(0, bytes_at_once);
  const auto first = pieces[0].empty() ? 1U : 0U;
  const auto count = (bytes.body ? 2U : 1U) - first;
  const auto written = stream_->write_some(std::span(pieces).subspan(first, count), error);
  return error ? 0 : written;
}

void Session::on_writable(error_code error) {
  if (state_ != State::writing) return;
  if (error) return close();
  error_code ec;
  unsent_->begin += write_some(unsent_->bytes, unsent_->begin, ec);
  if (ec && ec != asio::error::would_block) return close();
  see_what_was_taken();
  if (unsent_->begin < unsent_->bytes.size()) return stream_->wait_writable(as_user());
  drop_unsent();
  on_written();
}

void Session::drop_unsent() {
  if (!unsent_) return;
  host_->memory().drop(unsent_->bytes);
  seat_.change(unsent_->bytes.size(), 0);
  unsent_.reset();
}

void Session::on_written() {
  // Draining may have begun after the answer was made; a pipelined request is still answered.
  const bool draining = host_->context().draining.load(std::memory_order_relaxed);
  if (!keep_alive_ || (draining && unparsed_.empty())) return linger();
  answered_ = true;
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
  hold(0);
  enter(State::lingering, linger_timeout);
  wait_readable();
}

// ---- ending

/// Bytes of a body came, or of an answer were taken: the deadline moves on by the time that they may take, so
/// that one byte now and then does not hold memory for ever.
void Session::move_deadline(std::size_t bytes) {
  const auto& settings = host_->context().settings;
  const double seconds = static_cast<double>(bytes) / static_cast<double>(settings.min_rate);
  const auto earned = from_seconds(std::min(seconds, to_seconds(settings.body_timeout)));
  deadline_ = std::min(deadline_ + earned, host_->now() + settings.body_timeout);
}

/// Looks at what the client has got, and not at what was written: the system holds megabytes of that, so a
/// client that takes them may be silent for longer than its deadline.
void Session::see_what_was_taken() {
  const auto taken = unsent_->taken_of(stream_->on_the_way());
  if (taken > unsent_->taken)
    move_deadline(static_cast<std::size_t>(taken - std::exchange(unsent_->taken, taken)));
}

void Session::check_deadline(TimePoint now) {
  if (now < deadline_) return;
  if (state_ == State::writing) see_what_was_taken();
  if (now < deadline_) return;
  if (state_ != State::reading_header && state_ != State::reading_body) return close();
  const bool header = state_ == State::reading_header;
  refuse(request_timeout(header ? "the header did not arrive in time" : "the body did not arrive in time"));
}

TimePoint Session::idle_since() const {
  if (state_ != State::idle) return TimePoint::max();
  const auto& settings = host_->context().settings;
  return deadline_ - (answered_ ? settings.idle_timeout : settings.header_timeout);
}

std::string_view Session::doing() const {
  constexpr std::array<std::string_view, 7> names{"idle",    "reading_header", "reading_body", "answering",
                                                  "writing", "lingering",      "closed"};
  return names[static_cast<std::size_t>(state_)];
}

void Session::close_if_idle() {
  if (state_ == State::idle) close();
}

void Session::close() {
  if (state_ == State::closed) return;
  state_ = State::closed;
  stream_->close();  // ends what is pending; its handlers let go of this session
  if (parser_) host_->give_back(std::move(parser_));
  unparsed_ = {};
  hold(0);
  drop_unsent();
}

}  // namespace troupe::http
