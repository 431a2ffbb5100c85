#pragma once

#include <openssl/ssl.h>

#include <memory>
#include <string>
#include <string_view>

#include "actors/io/io_engine.hpp"

namespace troupe::actors {

/// Frees what OpenSSL allocated.
struct TlsFree {
  void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
  void operator()(SSL* ssl) const { SSL_free(ssl); }
  void operator()(SSL_SESSION* session) const { SSL_SESSION_free(session); }
};
using TlsSession = std::unique_ptr<SSL_SESSION, TlsFree>;

/// TLS over another byte stream: a filter that has no waits of its own, so that it works on every engine. The
/// handshake goes on whenever its user reads, and nothing can be written before it is done. A client's side
/// and a server's derive from it. Used by one thread. While nothing is under way it holds OpenSSL's state and
/// no buffer.
class TlsStream : public ByteStream {
 public:
  ~TlsStream() override;

  void wait_readable(std::shared_ptr<StreamUser> user) override;
  std::size_t read_some(std::span<char> into, boost::system::error_code& error) override;
  void wait_writable(std::shared_ptr<StreamUser> user) override;
  /// As ByteStream has it; and after would_block the same bytes must be offered again.
  std::size_t write_some(std::span<const std::string_view> pieces, boost::system::error_code& error) override;
  std::size_t on_the_way() override;
  /// Says TLS's farewell first (RFC 8446 section 6.1): without it the other side cannot tell an end from a
  /// cut.
  void end_writing(boost::system::error_code& error) override;
  void close() override;

  /// What is wrong with TLS itself, once an operation has failed; empty: it is the connection beneath.
  const std::string& fault() const { return fault_; }

 protected:
  /// Throws std::bad_alloc. The context may go before the stream.
  TlsStream(IoEngine& io, std::unique_ptr<ByteStream> inner, SSL_CTX& context);

  SSL* ssl() const { return ssl_.get(); }
  ByteStream& inner() { return *inner_; }
  bool is_open() const { return SSL_is_init_finished(ssl_.get()) == 1; }
  /// Takes the handshake as far as it goes with what has come.
  void go_on_with_handshake(boost::system::error_code& error);

 private:
  /// What lies between OpenSSL and the stream beneath.
  struct Records {
    std::string_view in;   ///< has come and was not yet taken by OpenSSL
    std::string rest;      ///< holds `in` between two calls
    std::string out;       ///< to be sent
    std::size_t sent = 0;  ///< of `out`
  };
  class KeepRest;

  /// The handshake is done.
  virtual void on_open() = 0;
  /// Says what is wrong, by OpenSSL's error code.
  virtual std::string fault_of(unsigned long code) = 0;

  static const BIO_METHOD* records_method();
  static int take_in(BIO* bio, char* into, int size);
  static int put_out(BIO* bio, const char* bytes, int size);

  bool has_something() const;
  std::size_t decrypt(std::span<char> into, boost::system::error_code& error);
  bool encrypt(std::string_view bytes);
  bool flush(boost::system::error_code& error);
  void note_fault();

  IoEngine& io_;
  std::unique_ptr<ByteStream> inner_;
  Records records_;
  std::unique_ptr<SSL, TlsFree> ssl_;
  std::shared_ptr<StreamUser> writer_;  ///< waits for the end of the handshake
  std::size_t encrypted_ = 0;           ///< of what is being written, and not yet sent
  std::string fault_;
  bool closed_ = false;
};

}  // namespace troupe::actors
