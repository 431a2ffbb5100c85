#include "http/tls/server_tls.hpp"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <spdlog/fmt/chrono.h>

#include <array>
#include <ctime>
#include <utility>

#include "http/tls/self_signed.hpp"
#include "http/tls/tls_server_stream.hpp"
#include "support/log_line.hpp"

namespace troupe::http {
namespace {

using Context = std::shared_ptr<SSL_CTX>;

/// Of TLS 1.2; those of 1.3 are all good. The list of RFC 9325 section 4.2, less CBC.
constexpr auto ciphers_1_2 = "ECDHE+AESGCM:ECDHE+CHACHA20";
constexpr auto groups = "X25519:P-256:P-384";

/// RFC 7301 section 3.2: who names protocols and not ours is refused.
int choose_protocol(SSL*, const unsigned char** chosen, unsigned char* size, const unsigned char* offered,
                    unsigned int offered_size, void*) {
  static constexpr std::array<unsigned char, 9> ours{8, 'h', 't', 't', 'p', '/', '1', '.', '1'};
  unsigned char* found = nullptr;
  if (SSL_select_next_proto(&found, size, ours.data(), ours.size(), offered, offered_size) !=
      OPENSSL_NPN_NEGOTIATED)
    return SSL_TLSEXT_ERR_ALERT_FATAL;
  *chosen = found;
  return SSL_TLSEXT_ERR_OK;
}

/// OpenSSL would ask the terminal.
int no_passphrase(char*, int, int, void*) {
  return 0;
}

Result<Context> new_context() {
  Context made(SSL_CTX_new(TLS_server_method()), SSL_CTX_free);
  auto* const context = made.get();
  if (context == nullptr) return Error{ErrorCode::internal, "OpenSSL gives no context for TLS"};
  SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
  SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION |
                                   SSL_OP_CIPHER_SERVER_PREFERENCE | SSL_OP_PRIORITIZE_CHACHA);
  SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE);
  // The client keeps its session, in a ticket; one is enough for who opens one connection after the other.
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_num_tickets(context, 1);
  SSL_CTX_set_alpn_select_cb(context, choose_protocol, nullptr);
  SSL_CTX_set_default_passwd_cb(context, no_passphrase);
  if (SSL_CTX_set_cipher_list(context, ciphers_1_2) != 1 || SSL_CTX_set1_groups_list(context, groups) != 1)
    return Error{ErrorCode::internal, "OpenSSL has none of the ciphers for TLS 1.2"};
  return made;
}

/// The first fault is the cause; those behind it say where it was noticed.
std::string reason() {
  const auto code = ERR_peek_error();
  ERR_clear_error();
  if (ERR_GET_LIB(code) == ERR_LIB_SYS) return std::generic_category().message(ERR_GET_REASON(code));
  if (ERR_GET_LIB(code) == ERR_LIB_PEM && ERR_GET_REASON(code) == PEM_R_NO_START_LINE)
    return "it is not in PEM format";
  if (ERR_GET_LIB(code) == ERR_LIB_PEM && ERR_GET_REASON(code) == PEM_R_BAD_PASSWORD_READ)
    return "it is encrypted (openssl pkey -in FILE -out NEW writes it without a passphrase)";
  if (ERR_GET_LIB(code) == ERR_LIB_OSSL_DECODER) return "there is no key in it that can be read";
  const auto* const text = ERR_reason_error_string(code);
  return text != nullptr ? text : "OpenSSL does not say why";
}

Error cannot_read(const char* what, const std::string& file) {
  return invalid(fmt::format("tls.{}: cannot read {}: {}", what, file, reason()));
}

Result<Context> context_of_files(const TlsSettings& settings) {
  auto made = new_context();
  if (!made) return made;
  auto* const context = made->get();
  ERR_clear_error();
  if (SSL_CTX_use_certificate_chain_file(context, settings.certificate.c_str()) != 1)
    return cannot_read("certificate", settings.certificate);
  if (SSL_CTX_use_PrivateKey_file(context, settings.key.c_str(), SSL_FILETYPE_PEM) != 1) {
    if (ERR_GET_LIB(ERR_peek_last_error()) == ERR_LIB_X509)
      return invalid("tls.key: " + settings.key + " is not the key of " + settings.certificate);
    return cannot_read("key", settings.key);
  }
  if (SSL_CTX_check_private_key(context) != 1)
    return invalid("tls.key: " + settings.key + " is not the key of " + settings.certificate);
  return made;
}

Result<Context> self_signed_context(const std::string& host) {
  auto made = new_context();
  if (!made) return made;
  auto pair = make_self_signed(host);
  if (!pair) return pair.error();
  if (SSL_CTX_use_certificate(made->get(), pair->certificate.get()) != 1 ||
      SSL_CTX_use_PrivateKey(made->get(), pair->key.get()) != 1)
    return Error{ErrorCode::internal, "OpenSSL refuses a self-signed certificate: " + reason()};
  return made;
}

std::time_t time_of(const ASN1_TIME* asn1) {
  std::tm parts{};
  return ASN1_TIME_to_tm(asn1, &parts) == 1 ? timegm(&parts) : 0;
}

}  // namespace

Result<std::shared_ptr<ServerTls>> ServerTls::make(const TlsSettings& settings, const std::string& host) {
  const bool own = settings.mode == TlsMode::self_signed;
  if (!own && settings.certificate.empty()) return std::shared_ptr<ServerTls>();
  auto tls = std::make_shared<ServerTls>(Private{}, settings.handshake_timeout);
  auto context = own ? self_signed_context(host) : context_of_files(settings);
  if (!context) return context.error();
  tls->use(*std::move(context), own ? "the self-signed certificate" : settings.certificate);
  return tls;
}

Result<void> ServerTls::renew(const TlsSettings& settings) {
  if (settings.mode == TlsMode::self_signed) return {};
  auto context = context_of_files(settings);
  if (!context) return context.error();
  use(*std::move(context), settings.certificate);
  return {};
}

void ServerTls::use(Context context, const std::string& name) {
  const auto* const certificate = SSL_CTX_get0_certificate(context.get());
  const auto ends = time_of(X509_get0_notAfter(certificate));
  if (X509_cmp_current_time(X509_get0_notAfter(certificate)) < 0) {
    log_warn("tls.certificate: {} ended on {:%Y-%m-%d}: clients will refuse it", name, fmt::gmtime(ends));
  } else if (X509_cmp_current_time(X509_get0_notBefore(certificate)) > 0) {
    log_warn("tls.certificate: {} is not good yet: clients will refuse it", name);
  }
  ends_ = ends;
  const std::scoped_lock lock(mutex_);
  context_ = std::move(context);
}

std::unique_ptr<actors::ByteStream> ServerTls::stream(actors::IoEngine& io,
                                                      std::unique_ptr<actors::ByteStream> inner) {
  const auto context = [&] {
    const std::scoped_lock lock(mutex_);
    return context_;
  }();
  return std::make_unique<TlsServerStream>(io, std::move(inner), *context, *this);
}

std::string ServerTls::fingerprint() const {
  const std::scoped_lock lock(mutex_);
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  X509_digest(SSL_CTX_get0_certificate(context_.get()), EVP_sha256(), digest.data(), &size);
  return fmt::format("{:02X}", fmt::join(digest.begin(), digest.begin() + size, ":"));
}

ServerTls::Counts ServerTls::counts() const {
  return {full_.load(std::memory_order_relaxed), resumed_.load(std::memory_order_relaxed),
          failed_.load(std::memory_order_relaxed)};
}

}  // namespace troupe::http
