#pragma once

#include <memory>
#include <string>

#include "actors/io/io_engine.hpp"
#include "sim/client/tls_context.hpp"

namespace troupe::sim {

/// TLS over another byte stream, as its client: a filter that has no waits of its own, so that it works on
/// every engine. The handshake goes on whenever its user reads, and nothing can be written before it is done:
/// the user must wait for both. Used by one thread.
class TlsStream final : public actors::ByteStream {
 public:
  /// Begins the handshake. `host`: a name or an address. `session`: the one before, or empty; gets a newer
  /// one. Context and session outlive the stream.
  TlsStream(actors::IoEngine& io, std::unique_ptr<actors::ByteStream> inner, TlsContext& context,
            const std::string& host, TlsSession& session);
  ~TlsStream() override { close(); }

  void wait_readable(std::shared_ptr<actors::StreamUser> user) override;
  std::size_t read_some(std::span<char> into, boost::system::error_code& error) override;
  void wait_writable(std::shared_ptr<actors::StreamUser> user) override;
  /// As ByteStream has it; and after would_block the same bytes must be offered again.
  std::size_t write_some(std::span<const std::string_view> pieces, boost::system::error_code& error) override;
  std::size_t on_the_way() override;
  void end_writing(boost::system::error_code& error) override { inner_->end_writing(error); }
  void close() override;

  /// What is wrong with TLS itself, once an operation has failed; empty: it is the connection beneath.
  const std::string& fault() const { return fault_; }

 private:
  bool is_open() const { return SSL_is_init_finished(ssl_.get()) == 1; }
  bool has_something() const;
  std::size_t fetch(boost::system::error_code& error);
  std::size_t decrypt(std::span<char> into, boost::system::error_code& error);
  void go_on_with_handshake(boost::system::error_code& error);
  bool flush(boost::system::error_code& error);
  void note_fault();

  actors::IoEngine& io_;
  std::unique_ptr<actors::ByteStream> inner_;
  TlsContext& context_;
  std::string host_;
  std::unique_ptr<SSL, TlsFree> ssl_;
  BIO* in_;                                     ///< what has come, encrypted; the SSL's
  BIO* out_;                                    ///< what is to be sent, encrypted; the SSL's
  std::shared_ptr<actors::StreamUser> writer_;  ///< waits for the end of the handshake
  std::size_t encrypted_ = 0;                   ///< of what is being written, and not yet sent
  std::string fault_;
  bool closed_ = false;
};

}  // namespace troupe::sim
