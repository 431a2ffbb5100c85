#pragma once

#include <memory>
#include <string>

#include "actors/io/tls_stream.hpp"

namespace troupe::http {

class ServerTls;

/// A server's side of TLS. A client that speaks plain HTTP is told so in HTTP.
class TlsServerStream final : public actors::TlsStream {
 public:
  /// Waits for the client's handshake. `tls` counts, and outlives the stream; the context need not.
  TlsServerStream(actors::IoEngine& io, std::unique_ptr<actors::ByteStream> inner, SSL_CTX& context,
                  ServerTls& tls);

 private:
  void on_open() override;
  std::string fault_of(unsigned long code) override;

  ServerTls& tls_;
};

}  // namespace troupe::http
