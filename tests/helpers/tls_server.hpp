#pragma once

#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <atomic>
#include <memory>
#include <string>
#include <thread>

#include "helpers/folder.hpp"

namespace troupe::tests {

/// An authority made for a test, and what it certifies.
class TestAuthority {
 public:
  explicit TestAuthority(const std::string& name);

  /// Its own certificate, in PEM format.
  std::string file() const { return (folder_ / "ca.pem").string(); }

  struct Pair {
    std::shared_ptr<EVP_PKEY> key;
    std::shared_ptr<X509> certificate;
  };
  /// For these names, as OpenSSL's subjectAltName has them ("DNS:localhost,IP:127.0.0.1"), good for a day
  /// more than `days` from now.
  Pair certify(const std::string& names, long days = 1) const;

  /// Files in PEM format, as a server is given them.
  struct Files {
    std::string certificate, key;
  };
  /// Beside the authority's own, every user may read them. A second call with the same name replaces them.
  Files write(const Pair& pair, const std::string& name) const;

 private:
  Folder folder_;
  Pair own_;
};

/// Answers every request on 127.0.0.1 over TLS, one connection at a time, with bytes that a test gives.
class TlsServer {
 public:
  /// `ends_properly`: with TLS's farewell, after an answer that says close.
  TlsServer(const TestAuthority::Pair& pair, std::string answer, bool ends_properly = true);
  ~TlsServer();
  TlsServer(const TlsServer&) = delete;
  TlsServer& operator=(const TlsServer&) = delete;

  unsigned short port() const { return port_; }
  std::atomic<int> requests{0};
  std::atomic<std::size_t> received{0};  ///< bytes of requests

 private:
  void serve();
  void answer_all(SSL* ssl);

  std::shared_ptr<SSL_CTX> context_;
  std::string answer_;
  bool ends_properly_;
  int listener_;
  unsigned short port_ = 0;
  std::thread thread_;
};

}  // namespace troupe::tests
