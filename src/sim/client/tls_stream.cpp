#include "sim/client/tls_stream.hpp"

#include <openssl/err.h>
#include <openssl/x509v3.h>
#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <array>
#include <boost/asio/error.hpp>
#include <boost/asio/ip/address.hpp>
#include <utility>

namespace troupe::sim {

namespace asio = boost::asio;
using boost::system::error_code;

namespace {

// What is encrypted at once: the memory that a connection takes while the system takes nothing.
constexpr std::size_t most_encrypted = 64 * 1024;
constexpr std::size_t record = 17 * 1024;  // RFC 8446 section 5.2, about

error_code broken() {
  return make_error_code(boost::system::errc::protocol_error);
}

}  // namespace

TlsStream::TlsStream(actors::IoEngine& io, std::unique_ptr<actors::ByteStream> inner, TlsContext& context,
                     const std::string& host, TlsSession& session)
    : io_(io),
      inner_(std::move(inner)),
      context_(context),
      host_(host),
      ssl_(SSL_new(context.get())),
      in_(BIO_new(BIO_s_mem())),
      out_(BIO_new(BIO_s_mem())) {
  if (!ssl_ || in_ == nullptr || out_ == nullptr) throw std::bad_alloc();
  auto* const ssl = ssl_.get();
  BIO_set_mem_eof_return(in_, -1);  // empty: more will come
  SSL_set_bio(ssl, in_, out_);
  SSL_set_connect_state(ssl);
  SSL_set_app_data(ssl, &session);
  error_code no_address;
  asio::ip::make_address(host, no_address);
  if (!no_address) {
    X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), host.c_str());
  } else {
    SSL_set_tlsext_host_name(ssl, host.c_str());  // RFC 6066 section 3: names only
    SSL_set1_host(ssl, host.c_str());
  }
  if (session) SSL_set_session(ssl, session.get());
  error_code told_by_reading;
  go_on_with_handshake(told_by_reading);
}

void TlsStream::go_on_with_handshake(error_code& error) {
  ERR_clear_error();
  const int done = SSL_do_handshake(ssl_.get());
  const bool failed = done != 1 && SSL_get_error(ssl_.get(), done) != SSL_ERROR_WANT_READ;
  if (failed) note_fault();
  flush(error);  // also an alert that says why we leave
  if (failed) error = broken();
  if (done != 1) return;
  context_.count_handshake(SSL_session_reused(ssl_.get()) == 1);
  io_.tell_later(std::exchange(writer_, nullptr), true, {});
}

void TlsStream::note_fault() {
  const auto code = ERR_peek_last_error();
  const auto verified = SSL_get_verify_result(ssl_.get());
  if (context_.verifies() && verified != X509_V_OK) {
    fault_ = fmt::format(
        "the certificate of {} is not accepted: {} (--cacert FILE trusts another authority, "
        "--insecure any certificate)",
        host_, X509_verify_cert_error_string(verified));
  } else if (ERR_GET_REASON(code) == SSL_R_WRONG_VERSION_NUMBER) {
    fault_ = "the port does not speak TLS: write http://";
  } else {
    const auto* const reason = ERR_reason_error_string(code);
    fault_ = fmt::format("TLS: {}", reason != nullptr ? reason : "the handshake failed");
  }
  ERR_clear_error();
}

// ---- in

/// What has come already tells something: bytes, or the other side's farewell.
bool TlsStream::has_something() const {
  return SSL_pending(ssl_.get()) > 0 || BIO_ctrl_pending(in_) > 0 ||
         (SSL_get_shutdown(ssl_.get()) & SSL_RECEIVED_SHUTDOWN) != 0;
}

void TlsStream::wait_readable(std::shared_ptr<actors::StreamUser> user) {
  if (!closed_ && (has_something() || !fault_.empty())) return io_.tell_later(std::move(user), false, {});
  inner_->wait_readable(std::move(user));
}

std::size_t TlsStream::read_some(std::span<char> into, error_code& error) {
  error = {};
  if (!fault_.empty()) return error = broken(), 0;
  if (!has_something() && fetch(error) == 0) {
    // A body must not be taken for whole because a connection broke (RFC 9112 section 9.8).
    if (error == asio::error::eof) {
      fault_ = is_open() ? "the connection ended without TLS's farewell" : "TLS: closed during the handshake";
      error = broken();
    }
    return 0;
  }
  if (!is_open()) {
    go_on_with_handshake(error);
    if (!error && !is_open()) error = asio::error::would_block;
    if (error) return 0;
  }
  return decrypt(into, error);
}

std::size_t TlsStream::fetch(error_code& error) {
  std::array<char, record> bytes;
  const auto count = inner_->read_some(bytes, error);
  if (count != 0) BIO_write(in_, bytes.data(), static_cast<int>(count));
  return count;
}

std::size_t TlsStream::decrypt(std::span<char> into, error_code& error) {
  ERR_clear_error();
  std::size_t total = 0;
  while (total < into.size()) {
    std::size_t count = 0;
    if (SSL_read_ex(ssl_.get(), into.data() + total, into.size() - total, &count) == 1) {
      total += count;
      continue;
    }
    const int why = SSL_get_error(ssl_.get(), 0);
    if (why == SSL_ERROR_WANT_READ) break;
    if (why != SSL_ERROR_ZERO_RETURN) note_fault();
    if (total != 0) return total;  // the next read tells
    error = why == SSL_ERROR_ZERO_RETURN ? error_code(asio::error::eof) : broken();
    return 0;
  }
  flush(error);  // what TLS has to say by itself: a key update's answer
  if (total == 0 && !error) error = asio::error::would_block;
  if (total != 0) error = {};
  return total;
}

// ---- out

/// Sends what is encrypted; false while some of it is left.
bool TlsStream::flush(error_code& error) {
  char* begin = nullptr;
  while (const auto size = BIO_get_mem_data(out_, &begin)) {
    const std::string_view rest(begin, static_cast<std::size_t>(size));
    const auto count = inner_->write_some({&rest, 1}, error);
    if (count == rest.size()) {
      static_cast<void>(BIO_reset(out_));
      return true;
    }
    std::array<char, record> taken;
    for (auto left = count; left > 0;) {
      const auto piece = std::min(left, taken.size());
      BIO_read(out_, taken.data(), static_cast<int>(piece));
      left -= piece;
    }
    if (error == asio::error::would_block) error = {};
    if (error || count == 0) return false;
  }
  return true;
}

void TlsStream::wait_writable(std::shared_ptr<actors::StreamUser> user) {
  if (closed_ || is_open()) return inner_->wait_writable(std::move(user));
  writer_ = std::move(user);
}

std::size_t TlsStream::write_some(std::span<const std::string_view> pieces, error_code& error) {
  error = {};
  if (!is_open() || !flush(error)) {
    if (!error) error = asio::error::would_block;
    return 0;
  }
  if (encrypted_ != 0) return std::exchange(encrypted_, 0);
  ERR_clear_error();
  std::size_t total = 0;
  for (const auto piece : pieces) {
    std::string_view rest = piece.substr(0, most_encrypted - total);
    while (!rest.empty()) {
      std::size_t count = 0;
      if (SSL_write_ex(ssl_.get(), rest.data(), rest.size(), &count) != 1) {
        note_fault();
        return error = broken(), total;
      }
      total += count;
      rest.remove_prefix(count);
    }
  }
  if (flush(error)) return total;
  encrypted_ = total;
  if (!error) error = asio::error::would_block;
  return 0;
}

std::size_t TlsStream::on_the_way() {
  return inner_->on_the_way() + BIO_ctrl_pending(out_);
}

void TlsStream::close() {
  if (std::exchange(closed_, true)) return;
  if (is_open() && fault_.empty()) {
    ERR_clear_error();
    SSL_shutdown(ssl_.get());
    error_code gone;
    flush(gone);
  }
  inner_->close();
  io_.abort_later(std::exchange(writer_, nullptr), true);
}

}  // namespace troupe::sim
