#pragma once

#include <openssl/ssl.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace troupe::tests {

/// A blocking client of 127.0.0.1 over TLS, straight on OpenSSL: it shares no code with the server.
class TlsConnection {
 public:
  struct Options {
    std::string ca_file{};                          ///< PEM; empty: any certificate will do
    std::string name = "localhost";                 ///< that the certificate must be for
    int most_version = 0;                           ///< TLS1_2_VERSION, …; 0: any
    std::string ciphers{};                          ///< of TLS 1.2 and before; empty: OpenSSL's own
    std::string protocols{};                        ///< ALPN's list, each with its length before it
    std::shared_ptr<SSL_SESSION> session{nullptr};  ///< to go on with
  };

  /// Connects and shakes hands; `fault` says how that went.
  TlsConnection(std::uint16_t port, const Options& options);
  ~TlsConnection();
  TlsConnection(const TlsConnection&) = delete;
  TlsConnection& operator=(const TlsConnection&) = delete;

  /// Why there is no connection; empty: there is one.
  const std::string& fault() const { return fault_; }
  std::string version() const { return SSL_get_version(ssl_.get()); }
  std::string protocol() const;
  bool resumed() const { return SSL_session_reused(ssl_.get()) == 1; }
  /// The certificate's fingerprint-like number.
  long serial() const;
  std::shared_ptr<SSL_SESSION> session() const;

  bool send(std::string_view bytes);
  /// The next answer, by its Content-Length; shorter when the connection ends before.
  std::string read();
  std::string ask(std::string_view request) { return send(request) ? read() : ""; }
  /// Reads to the end: did it come with TLS's farewell?
  bool ends_properly();

 private:
  int socket_;
  std::shared_ptr<SSL_CTX> context_;
  std::unique_ptr<SSL, decltype(&SSL_free)> ssl_;
  std::string fault_, got_;
};

}  // namespace troupe::tests
