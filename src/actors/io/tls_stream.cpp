#include "actors/io/tls_stream.hpp"

#include <openssl/bio.h>
#include <openssl/err.h>

#include <algorithm>
#include <array>
#include <boost/asio/error.hpp>
#include <cstring>
#include <new>
#include <utility>

#include "support/spare_strings.hpp"

namespace troupe::actors {

namespace asio = boost::asio;
using boost::system::error_code;

namespace {

// What is encrypted at once: the memory that a connection takes while the system takes nothing.
constexpr std::size_t most_encrypted = 64 * 1024;
constexpr std::size_t record = 17 * 1024;  // RFC 8446 section 5.2, about
constexpr std::size_t record_text = 16 * 1024;
// What TLS itself may owe the other side, which asks (for new keys, say) and takes no answer.
constexpr std::size_t most_owed = 256 * 1024;

error_code broken() {
  return make_error_code(boost::system::errc::protocol_error);
}

/// For what this thread's connections are about to send.
SpareStrings& spare_records() {
  thread_local SpareStrings spare(64, 2 * most_encrypted);
  return spare;
}

}  // namespace

// OpenSSL reads and writes memory that is this thread's rather than the connection's: its own memory BIO
// keeps for every connection as much as was ever under way on it.

int TlsStream::take_in(BIO* bio, char* into, int size) {
  auto& in = static_cast<Records*>(BIO_get_data(bio))->in;
  BIO_clear_retry_flags(bio);
  if (in.empty()) {
    BIO_set_retry_read(bio);
    return -1;
  }
  const auto count = in.copy(into, static_cast<std::size_t>(size));
  in.remove_prefix(count);
  return static_cast<int>(count);
}

int TlsStream::put_out(BIO* bio, const char* bytes, int size) {
  auto& out = static_cast<Records*>(BIO_get_data(bio))->out;
  BIO_clear_retry_flags(bio);
  if (out.empty()) out = spare_records().borrow();
  out.append(bytes, static_cast<std::size_t>(size));
  return size;
}

const BIO_METHOD* TlsStream::records_method() {
  static const auto* const method = [] {
    auto* const made = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "records");
    if (made == nullptr) throw std::bad_alloc();
    BIO_meth_set_read(made, take_in);
    BIO_meth_set_write(made, put_out);
    // Nothing is asked of it but to flush, which the stream does.
    BIO_meth_set_ctrl(made,
                      [](BIO*, int what, long, void*) -> long { return what == BIO_CTRL_FLUSH ? 1 : 0; });
    return made;  // for as long as the process lives
  }();
  return method;
}

/// What OpenSSL did not take of this thread's memory must be kept by the connection.
class TlsStream::KeepRest {
 public:
  explicit KeepRest(Records& records) : records_(records) {}
  ~KeepRest() {
    records_.rest = std::string(records_.in);
    records_.in = records_.rest;
  }
  KeepRest(const KeepRest&) = delete;
  KeepRest& operator=(const KeepRest&) = delete;

 private:
  Records& records_;
};

TlsStream::TlsStream(IoEngine& io, std::unique_ptr<ByteStream> inner, SSL_CTX& context)
    : io_(io), inner_(std::move(inner)), ssl_(SSL_new(&context)) {
  auto* const bio = BIO_new(records_method());
  if (!ssl_ || bio == nullptr) {
    BIO_free(bio);
    throw std::bad_alloc();
  }
  BIO_set_data(bio, &records_);
  BIO_set_init(bio, 1);
  SSL_set_bio(ssl_.get(), bio, bio);
}

TlsStream::~TlsStream() {
  TlsStream::close();
}

void TlsStream::go_on_with_handshake(error_code& error) {
  ERR_clear_error();
  const int done = SSL_do_handshake(ssl_.get());
  const bool failed = done != 1 && SSL_get_error(ssl_.get(), done) != SSL_ERROR_WANT_READ;
  if (failed) note_fault();
  flush(error);  // also an alert that says why we leave
  if (failed) error = broken();
  if (done != 1) return;
  on_open();
  if (writer_) io_.tell_later(std::exchange(writer_, nullptr), true, {});
}

void TlsStream::note_fault() {
  fault_ = fault_of(ERR_peek_last_error());
  ERR_clear_error();
}

// ---- in

/// What has come already tells something: bytes, or the other side's farewell.
bool TlsStream::has_something() const {
  return SSL_pending(ssl_.get()) > 0 || !records_.in.empty() ||
         (SSL_get_shutdown(ssl_.get()) & SSL_RECEIVED_SHUTDOWN) != 0;
}

void TlsStream::wait_readable(std::shared_ptr<StreamUser> user) {
  if (!closed_ && (has_something() || !fault_.empty())) return io_.tell_later(std::move(user), false, {});
  inner_->wait_readable(std::move(user));
}

std::size_t TlsStream::read_some(std::span<char> into, error_code& error) {
  error = {};
  if (!fault_.empty()) return error = broken(), 0;
  std::array<char, record> bytes;
  const KeepRest keep(records_);
  if (!has_something()) {
    const auto count = inner_->read_some(bytes, error);
    records_.in = {bytes.data(), count};
    // A body must not be taken for whole because a connection broke (RFC 9112 section 9.8).
    if (error == asio::error::eof) {
      fault_ = is_open() ? "the connection ended without TLS's farewell" : "TLS: closed during the handshake";
      error = broken();
    }
    if (count == 0) return 0;
  }
  if (!is_open()) {
    go_on_with_handshake(error);
    if (!error && !is_open()) error = asio::error::would_block;
    if (error) return 0;
  }
  return decrypt(into, error);
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
  if (!flush(error) && records_.out.size() > most_owed) fault_ = "TLS: asks and takes no answer";
  if (total == 0 && !error) error = asio::error::would_block;
  if (total != 0) error = {};
  return total;
}

// ---- out

/// Sends what is encrypted; false while some of it is left.
bool TlsStream::flush(error_code& error) {
  auto& out = records_.out;
  while (records_.sent < out.size()) {
    const auto rest = std::string_view(out).substr(records_.sent);
    const auto count = inner_->write_some({&rest, 1}, error);
    records_.sent += count;
    if (error == asio::error::would_block) return error = {}, false;
    if (error || count == 0) return false;
  }
  if (records_.sent != 0) spare_records().give_back(std::exchange(out, {}));
  records_.sent = 0;
  return true;
}

void TlsStream::wait_writable(std::shared_ptr<StreamUser> user) {
  if (closed_ || is_open()) return inner_->wait_writable(std::move(user));
  writer_ = std::move(user);
}

bool TlsStream::encrypt(std::string_view bytes) {
  while (!bytes.empty()) {  // a record at a time
    std::size_t count = 0;
    if (SSL_write_ex(ssl_.get(), bytes.data(), bytes.size(), &count) != 1) return false;
    bytes.remove_prefix(count);
  }
  return true;
}

std::size_t TlsStream::write_some(std::span<const std::string_view> pieces, error_code& error) {
  error = {};
  if (!is_open() || !flush(error)) {
    if (!error) error = asio::error::would_block;
    return 0;
  }
  if (encrypted_ != 0) return std::exchange(encrypted_, 0);
  ERR_clear_error();
  // A head and a body that fit one record are one: each record costs its frame and a cipher's start.
  std::array<char, record_text> joined;
  std::size_t total = 0, gathered = 0;
  bool good = true;
  for (auto piece : pieces) {
    piece = piece.substr(0, most_encrypted - total);
    total += piece.size();
    if (gathered + piece.size() <= joined.size()) {
      piece.copy(joined.data() + gathered, piece.size());
      gathered += piece.size();
      continue;
    }
    good = good && encrypt({joined.data(), std::exchange(gathered, 0)}) && encrypt(piece);
  }
  good = good && encrypt({joined.data(), gathered});
  if (!good) {
    note_fault();
    return error = broken(), 0;
  }
  if (flush(error)) return total;
  encrypted_ = total;
  if (!error) error = asio::error::would_block;
  return 0;
}

std::size_t TlsStream::on_the_way() {
  return inner_->on_the_way() + records_.out.size() - records_.sent;
}

void TlsStream::end_writing(error_code& error) {
  error = {};
  if (is_open() && fault_.empty()) {
    ERR_clear_error();
    SSL_shutdown(ssl_.get());
    flush(error);
  }
  if (!error) inner_->end_writing(error);
}

void TlsStream::close() {
  if (std::exchange(closed_, true)) return;
  if (is_open() && fault_.empty() && (SSL_get_shutdown(ssl_.get()) & SSL_SENT_SHUTDOWN) == 0) {
    ERR_clear_error();
    SSL_shutdown(ssl_.get());
    error_code gone;
    flush(gone);
  }
  inner_->close();
  io_.abort_later(std::exchange(writer_, nullptr), true);
}

}  // namespace troupe::actors
