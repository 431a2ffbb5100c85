#include "sim/client/http_connection.hpp"

#include <netinet/in.h>
#include <sys/socket.h>

#include <boost/asio/error.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <cerrno>
#include <cstring>
#include <system_error>
#include <utility>

#include "sim/client/tls_client_stream.hpp"

namespace troupe::sim {

namespace asio = boost::asio;
namespace ip = boost::asio::ip;
using boost::system::error_code;

namespace {

// Less than the 28,232 of Linux's standard range: others need some, too.
constexpr std::uint64_t ports_per_address = 25'000;

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
  // Without this the port would be chosen before the target is known, and counted against every target. An
  // option that cannot be set costs ports, not correctness.
  const int on = 1;
  static_cast<void>(::setsockopt(socket, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof on));
  ip::tcp::endpoint endpoint(source, 0);
  return ::bind(socket, endpoint.data(), static_cast<socklen_t>(endpoint.size())) == 0;
}

/// The IPv4 address in it, or none.
std::optional<ip::address> v4_of(const SocketAddress& address) {
  if (address.data()->sa_family != AF_INET) return std::nullopt;
  sockaddr_in in{};
  std::memcpy(&in, address.data(), sizeof in);
  return ip::address_v4(ntohl(in.sin_addr.s_addr));
}

}  // namespace

std::optional<ip::address> source_for(const ip::address& target, std::uint64_t number) {
  const auto group = number / ports_per_address;
  if (group == 0 || !target.is_v4() || !target.is_loopback()) return std::nullopt;
  return ip::address_v4(ip::address_v4::loopback().to_uint() + static_cast<std::uint32_t>(group));
}

HttpConnection::HttpConnection(ConnectionPlace& place, LiveOrigin& origin, std::uint64_t number,
                               HttpConnectionUser& user)
    : place_(place), origin_(origin), user_(user), number_(number) {}

void HttpConnection::send(const Request& request) {
  request_ = request;
  request_.wanted.to_head = request.is_head;
  response_.begin(request_.wanted);
  outcome_ = CallOutcome::ok;
  sent_ = 0;
  sent_again_ = false;
  times_ = {};
  if (origin_.tls() != nullptr) times_.tls.emplace();
  if (state_ != State::idle) return connect();
  state_ = State::busy;
  used_ = true;
  write();
}

// ---- the connection's life

void HttpConnection::connect() {
  drop();
  used_ = false;
  tried_ = 0;
  stage_began_ = place_.now();
  if (origin_.open()) return begin_on(origin_.open()());
  origin_.on_connect(stage_began_);
  if (origin_.addresses().empty()) return wait_for_addresses();
  if (version_ != origin_.version()) address_ = 0;
  version_ = origin_.version();
  try_addresses();
}

void HttpConnection::wait_for_addresses() {
  state_ = State::resolving;
  const bool waits = origin_.wait([weak = weak_from_this(), attempt = ++attempts_] {
    const auto self = weak.lock();
    if (!self || self->attempts_ != attempt || self->state_ != State::resolving) return;
    self->origin_.addresses().empty() ? self->fail(CallOutcome::connection, self->origin_.fault())
                                      : self->try_addresses();
  });
  if (!waits) fail(CallOutcome::connection, origin_.fault());
}

/// Goes on with the address at hand, and through those behind it.
void HttpConnection::try_addresses() {
  const auto count = origin_.addresses().size();
  address_ %= count;  // there may be fewer than there were
  while (tried_ < count) {
    if (begin_connect()) return;
    address_ = (address_ + 1) % count;
    ++tried_;
  }
  origin_.on_unreachable(place_.now());
  drop();
  user_.on_answered();
}

/// False: it has failed already, and why is in the outcome.
bool HttpConnection::begin_connect() {
  ++attempts_;
  const auto& address = origin_.addresses()[address_];
  if (!open_socket(address)) return false;
  const int result = ::connect(socket_.number(), address.data(), static_cast<socklen_t>(address.size()));
  if (result != 0 && errno != EINPROGRESS) return failed_to_connect("cannot connect", errno);
  state_ = State::connecting;
  try {
    watch_ = place_.io.watch(socket_.number(), *this);
    watch_->wait_writable();
  } catch (const std::system_error& refused) {
    return failed_to_connect("cannot watch a socket", refused.code().value());
  }
  if (tried_ + 1 < origin_.addresses().size()) limit_attempt();
  return true;
}

void HttpConnection::limit_attempt() {
  place_.call_later(most_for_an_address, [weak = weak_from_this(), attempt = attempts_] {
    const auto self = weak.lock();
    if (self && self->attempts_ == attempt && self->state_ == State::connecting)
      self->give_up_address(ETIMEDOUT);
  });
}

bool HttpConnection::open_socket(const SocketAddress& address) {
  socket_ =
      actors::Descriptor(::socket(address.data()->sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!socket_.is_open()) return failed_to_connect("cannot open a socket", errno);
  const auto target = v4_of(address);
  const auto source = target ? source_for(*target, number_) : std::nullopt;
  if (source && !bind_to(socket_.number(), *source))
    return failed_to_connect("cannot bind a source address", errno);
  return true;
}

bool HttpConnection::failed_to_connect(const char* what, int error_number) {
  watch_.reset();
  socket_.close();
  state_ = State::closed;
  outcome_ = is_own_limit(error_number) ? CallOutcome::generator : CallOutcome::connection;
  message_ = what;
  message_ += ": " + std::generic_category().message(error_number);
  return false;
}

void HttpConnection::give_up_address(int error_number) {
  failed_to_connect("cannot connect", error_number);
  ++address_;
  ++tried_;
  try_addresses();
}

void HttpConnection::on_ready(bool) {
  const auto self = shared_from_this();
  int error_number = 0;
  socklen_t size = sizeof error_number;
  if (::getsockopt(socket_.number(), SOL_SOCKET, SO_ERROR, &error_number, &size) != 0) error_number = errno;
  error_number == 0 ? on_connected() : give_up_address(error_number);
}

void HttpConnection::on_connected() {
  watch_.reset();
  begin_on(place_.io.stream(std::move(socket_)));
}

/// The connection is there: the request goes over it.
void HttpConnection::begin_on(std::unique_ptr<actors::ByteStream> stream) {
  outcome_ = CallOutcome::ok;  // whatever became of other addresses
  state_ = State::busy;
  times_.connect += end_stage();
  stream_ = std::move(stream);
  if (auto* const context = origin_.tls()) {
    auto tls =
        std::make_unique<TlsClientStream>(place_.io, std::move(stream_), *context, origin_.host(), session_);
    tls_ = tls.get();
    stream_ = std::move(tls);
    handshaking_ = true;
  }
  stream_->wait_readable(shared_from_this());
  // Nothing can be written before the handshake is done.
  tls_ != nullptr ? stream_->wait_writable(shared_from_this()) : write();
}

/// How long the stage took that ends now; the next one begins.
Duration HttpConnection::end_stage() {
  const auto now = place_.now();
  return now - std::exchange(stage_began_, now);
}

void HttpConnection::drop() {
  state_ = State::closed;
  handshaking_ = false;
  watch_.reset();
  socket_.close();
  if (stream_) stream_->close();
  stream_.reset();
  tls_ = nullptr;
}

// ---- out

void HttpConnection::write() {
  while (sent_ < request_.bytes.size()) {
    const auto rest = request_.bytes.substr(sent_);
    error_code error;
    const auto count = stream_->write_some({&rest, 1}, error);
    sent_ += count;
    if (error == asio::error::would_block) return stream_->wait_writable(shared_from_this());
    if (!error) continue;
    // The server may have closed, with or without an answer to what it has got: reading finds out.
    if (may_send_again()) send_again();
    return;
  }
  if (!request_.bytes.empty()) return;
  state_ = State::idle;
  user_.on_answered();
}

void HttpConnection::on_writable(error_code error) {
  if (state_ != State::busy || error == asio::error::operation_aborted) return;
  if (std::exchange(handshaking_, false)) *times_.tls += end_stage();
  write();
}

bool HttpConnection::may_send_again() const {
  return used_ && !sent_again_ && !response_.got_some() && (request_.idempotent || sent_ == 0);
}

void HttpConnection::send_again() {
  sent_again_ = true;
  sent_ = 0;
  connect();
}

// ---- in

void HttpConnection::on_readable(error_code error) {
  const bool of_another_stream = state_ != State::idle && state_ != State::busy;
  if (of_another_stream || error == asio::error::operation_aborted) return;
  std::size_t count = 0;
  if (!error) count = stream_->read_some(place_.buffer, error);
  if (error == asio::error::would_block) return stream_->wait_readable(shared_from_this());
  if (state_ == State::idle) return drop();  // the server closed, or speaks unasked
  error ? on_end(error) : take({place_.buffer.data(), count});
}

void HttpConnection::take(std::string_view bytes) {
  const auto used = response_.take(bytes);
  if (response_.has_failed()) return fail(CallOutcome::protocol, response_.fault());
  if (!response_.is_done()) {
    // A clock at each answer would cost more than most of them have to tell.
    if (times_.first_byte == TimePoint{}) times_.first_byte = place_.now();
    return stream_->wait_readable(shared_from_this());
  }
  // An answer to half a request leaves the rest unsent, and whose the bytes behind an answer are nobody
  // knows.
  const bool goes_on = response_.keeps_connection() && sent_ == request_.bytes.size() && used == bytes.size();
  if (goes_on) {
    state_ = State::idle;
    stream_->wait_readable(shared_from_this());
  } else {
    drop();
  }
  user_.on_answered();
}

void HttpConnection::on_end(error_code error) {
  const bool in_order = error == asio::error::eof;
  if (in_order) response_.take_end();
  if (response_.is_done()) return drop(), user_.on_answered();
  if (may_send_again()) return send_again();
  if (in_order) return fail(CallOutcome::connection, "closed by the server before its answer was whole");
  if (tls_ != nullptr && !tls_->fault().empty())
    return fail(CallOutcome::connection, std::string(tls_->fault()));
  fail(CallOutcome::connection, "connection broke", error.value());
}

void HttpConnection::fail(CallOutcome outcome, std::string_view what, int error_number) {
  outcome_ = is_own_limit(error_number) ? CallOutcome::generator : outcome;
  message_ = what;
  if (error_number != 0) message_ += ": " + std::generic_category().message(error_number);
  drop();
  user_.on_answered();
}

}  // namespace troupe::sim
