#include "helpers/tls_server.hpp"

#include <arpa/inet.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <catch2/catch.hpp>
#include <csignal>
#include <cstdio>

namespace troupe::tests {
namespace {

constexpr long day = 24 * 3600;

TestAuthority::Pair make(const std::string& name, long days, const TestAuthority::Pair* issuer) {
  TestAuthority::Pair made{{EVP_EC_gen("P-256"), EVP_PKEY_free}, {X509_new(), X509_free}};
  auto* const certificate = made.certificate.get();
  static std::atomic<long> serials{1};
  X509_set_version(certificate, 2);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate), serials++);
  X509_gmtime_adj(X509_getm_notBefore(certificate), -30 * day);
  X509_gmtime_adj(X509_getm_notAfter(certificate), days * day);
  X509_set_pubkey(certificate, made.key.get());
  auto* const subject = X509_get_subject_name(certificate);
  X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC,
                             reinterpret_cast<const unsigned char*>(name.c_str()), -1, -1, 0);
  X509_set_issuer_name(certificate,
                       issuer != nullptr ? X509_get_subject_name(issuer->certificate.get()) : subject);
  return made;
}

void extend(X509* certificate, int nid, const std::string& value) {
  std::unique_ptr<X509_EXTENSION, decltype(&X509_EXTENSION_free)> extension(
      X509V3_EXT_conf_nid(nullptr, nullptr, nid, value.c_str()), X509_EXTENSION_free);
  REQUIRE(extension);
  REQUIRE(X509_add_ext(certificate, extension.get(), -1) == 1);
}

}  // namespace

TestAuthority::TestAuthority(const std::string& name) : folder_(name), own_(make(name, 1, nullptr)) {
  extend(own_.certificate.get(), NID_basic_constraints, "critical,CA:TRUE");
  REQUIRE(X509_sign(own_.certificate.get(), own_.key.get(), EVP_sha256()) > 0);
  std::unique_ptr<std::FILE, int (*)(std::FILE*)> out(std::fopen(file().c_str(), "w"), std::fclose);
  REQUIRE(out);
  REQUIRE(PEM_write_X509(out.get(), own_.certificate.get()) == 1);
}

TestAuthority::Pair TestAuthority::certify(const std::string& names, long days) const {
  auto made = make("server", days, &own_);
  extend(made.certificate.get(), NID_subject_alt_name, names);
  REQUIRE(X509_sign(made.certificate.get(), own_.key.get(), EVP_sha256()) > 0);
  return made;
}

TestAuthority::Files TestAuthority::write(const Pair& pair, const std::string& name) const {
  const Files files{(folder_ / (name + ".pem")).string(), (folder_ / (name + ".key")).string()};
  using File = std::unique_ptr<std::FILE, int (*)(std::FILE*)>;
  const File certificate(std::fopen(files.certificate.c_str(), "w"), std::fclose);
  const File key(std::fopen(files.key.c_str(), "w"), std::fclose);
  REQUIRE((certificate && key));
  REQUIRE(PEM_write_X509(certificate.get(), pair.certificate.get()) == 1);
  REQUIRE(PEM_write_PrivateKey(key.get(), pair.key.get(), nullptr, nullptr, 0, nullptr, nullptr) == 1);
  return files;
}

TlsServer::TlsServer(const TestAuthority::Pair& pair, std::string answer, bool ends_properly)
    : context_(SSL_CTX_new(TLS_server_method()), SSL_CTX_free),
      answer_(std::move(answer)),
      ends_properly_(ends_properly),
      listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  std::signal(SIGPIPE, SIG_IGN);  // OpenSSL's writes know no MSG_NOSIGNAL
  REQUIRE(SSL_CTX_use_certificate(context_.get(), pair.certificate.get()) == 1);
  REQUIRE(SSL_CTX_use_PrivateKey(context_.get(), pair.key.get()) == 1);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  REQUIRE(::bind(listener_, reinterpret_cast<sockaddr*>(&address), size) == 0);
  REQUIRE(::listen(listener_, 8) == 0);
  REQUIRE(::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size) == 0);
  port_ = ntohs(address.sin_port);
  thread_ = std::thread([this] { serve(); });
}

TlsServer::~TlsServer() {
  ::shutdown(listener_, SHUT_RDWR);
  thread_.join();
  ::close(listener_);
}

void TlsServer::serve() {
  int socket = 0;
  while ((socket = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC)) >= 0) {
    const timeval patience{5, 0};  // a client that says nothing must not hold the test up
    ::setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    std::unique_ptr<SSL, decltype(&SSL_free)> ssl(SSL_new(context_.get()), SSL_free);
    SSL_set_fd(ssl.get(), socket);
    if (SSL_accept(ssl.get()) == 1) answer_all(ssl.get());
    ::close(socket);
  }
}

void TlsServer::answer_all(SSL* ssl) {
  std::string got;
  std::array<char, 16 * 1024> buffer;
  for (;;) {
    const int count = SSL_read(ssl, buffer.data(), static_cast<int>(buffer.size()));
    if (count <= 0) return;
    received += static_cast<std::size_t>(count);
    got.append(buffer.data(), static_cast<std::size_t>(count));
    const auto head = got.find("\r\n\r\n");
    if (head == std::string::npos) continue;
    const auto length = got.find("Content-Length: ");
    const auto body = length < head ? std::stoul(got.substr(length + 16)) : 0;
    if (got.size() < head + 4 + body) continue;
    got.erase(0, head + 4 + body);
    ++requests;
    SSL_write(ssl, answer_.data(), static_cast<int>(answer_.size()));
    if (answer_.find("Connection: close") == std::string::npos) continue;
    if (ends_properly_) SSL_shutdown(ssl);
    return;
  }
}

}  // namespace troupe::tests
