#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>

#include "actors/io/tls_stream.hpp"
#include "support/result.hpp"

namespace troupe::sim {

/// Whom a client of https trusts.
struct TlsOptions {
  bool verify = true;     ///< certificates must be good, and the host's
  std::string ca_file{};  ///< PEM; trusted instead of what the system trusts. Empty: the system decides
};

/// What TLS connections of a run share; thread-safe. TLS 1.2 and 1.3, http/1.1 by ALPN (RFC 7301).
class TlsContext {
 public:
  /// Errors: invalid_argument for a file that holds no certificates.
  static Result<std::shared_ptr<TlsContext>> make(const TlsOptions& options);

  SSL_CTX* get() const { return context_.get(); }
  bool verifies() const { return verifies_; }

  void count_handshake(bool resumed) {
    handshakes_.fetch_add(1, std::memory_order_relaxed);
    if (resumed) resumed_.fetch_add(1, std::memory_order_relaxed);
  }
  std::uint64_t handshakes() const { return handshakes_.load(std::memory_order_relaxed); }
  /// Of these, those that went on with an earlier session.
  std::uint64_t resumed() const { return resumed_.load(std::memory_order_relaxed); }

 private:
  TlsContext() = default;

  std::unique_ptr<SSL_CTX, actors::TlsFree> context_;
  bool verifies_ = true;
  std::atomic<std::uint64_t> handshakes_{0}, resumed_{0};
};

}  // namespace troupe::sim
