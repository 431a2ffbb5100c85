#pragma once

#include <openssl/ssl.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>

#include "actors/io/io_engine.hpp"
#include "support/result.hpp"
#include "support/settings.hpp"

namespace troupe::http {

/// The certificate that a server shows, and how it speaks TLS: 1.2 and 1.3 with ciphers that keep old traffic
/// secret when the key is stolen (RFC 9325), http/1.1 by ALPN (RFC 7301), sessions resumed by tickets. From
/// any thread.
class ServerTls {
  struct Private {};  // only `make` makes one

 public:
  using Time = std::chrono::system_clock::time_point;

  /// As `settings` say; null: the server speaks no TLS. `host` is for a self-signed certificate, which names
  /// it beside the loopback addresses. Errors: invalid_argument, one line that names file and fault.
  static Result<std::shared_ptr<ServerTls>> make(const TlsSettings& settings, const std::string& host);

  /// Reads certificate and key again, for the connections that come from now on. After an error the old ones
  /// stay. A self-signed one is kept.
  Result<void> renew(const TlsSettings& settings);

  /// A connection that has just been accepted. On its worker's thread.
  std::unique_ptr<actors::ByteStream> stream(actors::IoEngine& io, std::unique_ptr<actors::ByteStream> inner);

  /// For a client to come to its first request: the handshake and the first byte behind it.
  std::chrono::milliseconds handshake_timeout() const { return handshake_timeout_; }
  /// When the certificate ends.
  Time ends() const { return Time(std::chrono::seconds(ends_.load(std::memory_order_relaxed))); }
  /// SHA-256 of the certificate, as browsers show it: "1F:A0:…".
  std::string fingerprint() const;

  struct Counts {
    std::uint64_t full = 0;     ///< handshakes
    std::uint64_t resumed = 0;  ///< handshakes that went on with an earlier session
    std::uint64_t failed = 0;   ///< clients with whom no handshake was possible
  };
  Counts counts() const;
  void count_handshake(bool resumed) { (resumed ? resumed_ : full_).fetch_add(1, std::memory_order_relaxed); }
  void count_failure() { failed_.fetch_add(1, std::memory_order_relaxed); }

  ServerTls(Private, std::chrono::milliseconds handshake_timeout) : handshake_timeout_(handshake_timeout) {}

 private:
  void use(std::shared_ptr<SSL_CTX> context, const std::string& name);

  const std::chrono::milliseconds handshake_timeout_;
  mutable std::mutex mutex_;          // a connection takes it once, a request never
  std::shared_ptr<SSL_CTX> context_;  ///< guarded by mutex_
  std::atomic<std::int64_t> ends_{0};
  std::atomic<std::uint64_t> full_{0}, resumed_{0}, failed_{0};
};

}  // namespace troupe::http
