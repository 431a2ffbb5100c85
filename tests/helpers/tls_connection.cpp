#include "helpers/tls_connection.hpp"

#include <arpa/inet.h>
#include <openssl/err.h>
#include <openssl/x509.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <catch2/catch.hpp>
#include <csignal>

namespace troupe::tests {
namespace {

int connected(std::uint16_t port) {
  const int made = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const timeval patience{20, 0};
  ::setsockopt(made, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(port);
  REQUIRE(::connect(made, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
  return made;
}

std::string reason() {
  const auto code = ERR_peek_last_error();
  ERR_clear_error();
  const auto* const text = ERR_reason_error_string(code);
  return text != nullptr ? text : "the connection ended";
}

}  // namespace

TlsConnection::TlsConnection(std::uint16_t port, const Options& options)
    : socket_(connected(port)),
      context_(SSL_CTX_new(TLS_client_method()), SSL_CTX_free),
      ssl_(nullptr, SSL_free) {
  std::signal(SIGPIPE, SIG_IGN);  // OpenSSL's writes know no MSG_NOSIGNAL
  auto* const context = context_.get();
  SSL_CTX_set_min_proto_version(context, TLS1_VERSION);
  SSL_CTX_set_security_level(context, 0);  // the server decides, not we
  if (options.most_version != 0) SSL_CTX_set_max_proto_version(context, options.most_version);
  if (!options.ciphers.empty()) REQUIRE(SSL_CTX_set_cipher_list(context, options.ciphers.c_str()) == 1);
  if (!options.ca_file.empty()) {
    REQUIRE(SSL_CTX_load_verify_file(context, options.ca_file.c_str()) == 1);
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nullptr);
  }
  ssl_.reset(SSL_new(context));
  SSL_set_fd(ssl_.get(), socket_);
  SSL_set_tlsext_host_name(ssl_.get(), options.name.c_str());
  if (!options.ca_file.empty()) SSL_set1_host(ssl_.get(), options.name.c_str());
  if (!options.protocols.empty())
    SSL_set_alpn_protos(ssl_.get(), reinterpret_cast<const unsigned char*>(options.protocols.data()),
                        static_cast<unsigned>(options.protocols.size()));
  if (options.session) SSL_set_session(ssl_.get(), options.session.get());
  ERR_clear_error();
  if (SSL_connect(ssl_.get()) != 1) fault_ = reason();
}

TlsConnection::~TlsConnection() {
  if (fault_.empty()) SSL_shutdown(ssl_.get());  // a session of a connection that broke is not gone on with
  ::close(socket_);
}

std::string TlsConnection::protocol() const {
  const unsigned char* chosen = nullptr;
  unsigned size = 0;
  SSL_get0_alpn_selected(ssl_.get(), &chosen, &size);
  return {reinterpret_cast<const char*>(chosen), size};
}

long TlsConnection::serial() const {
  const std::unique_ptr<X509, decltype(&X509_free)> certificate(SSL_get1_peer_certificate(ssl_.get()),
                                                                X509_free);
  return certificate ? ASN1_INTEGER_get(X509_get0_serialNumber(certificate.get())) : -1;
}

std::shared_ptr<SSL_SESSION> TlsConnection::session() const {
  return {SSL_get1_session(ssl_.get()), SSL_SESSION_free};
}

bool TlsConnection::send(std::string_view bytes) {
  return bytes.empty() || SSL_write(ssl_.get(), bytes.data(), static_cast<int>(bytes.size())) > 0;
}

std::string TlsConnection::read() {
  std::array<char, 16 * 1024> buffer;
  for (;;) {
    const auto head = got_.find("\r\n\r\n");
    if (head != std::string::npos) {
      const auto length = got_.find("Content-Length: ");
      const auto whole = head + 4 + (length < head ? std::stoul(got_.substr(length + 16)) : 0);
      if (got_.size() >= whole) {
        auto answer = got_.substr(0, whole);
        got_.erase(0, whole);
        return answer;
      }
    }
    const int count = SSL_read(ssl_.get(), buffer.data(), static_cast<int>(buffer.size()));
    if (count <= 0) return std::exchange(got_, {});
    got_.append(buffer.data(), static_cast<std::size_t>(count));
  }
}

bool TlsConnection::ends_properly() {
  std::array<char, 16 * 1024> buffer;
  int count = 1;
  while (count > 0) count = SSL_read(ssl_.get(), buffer.data(), static_cast<int>(buffer.size()));
  return SSL_get_error(ssl_.get(), count) == SSL_ERROR_ZERO_RETURN;
}

}  // namespace troupe::tests
