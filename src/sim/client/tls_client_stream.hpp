#pragma once

#include <memory>
#include <string>

#include "actors/io/tls_stream.hpp"
#include "sim/client/tls_context.hpp"

namespace troupe::sim {

/// A client's side of TLS. Nothing can be written before the handshake is done: the user must wait for both.
class TlsClientStream final : public actors::TlsStream {
 public:
  /// Begins the handshake. `host`: a name or an address. `session`: the one before, or empty; gets a newer
  /// one. Context and session outlive the stream.
  TlsClientStream(actors::IoEngine& io, std::unique_ptr<actors::ByteStream> inner, TlsContext& context,
                  const std::string& host, actors::TlsSession& session);

 private:
  void on_open() override;
  std::string fault_of(unsigned long code) override;

  TlsContext& context_;
  std::string host_;
};

}  // namespace troupe::sim
