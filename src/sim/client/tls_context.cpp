#include "sim/client/tls_context.hpp"

#include <openssl/err.h>
#include <spdlog/fmt/fmt.h>

#include <array>

namespace troupe::sim {
namespace {

constexpr std::array<unsigned char, 9> only_http_1_1{8, 'h', 't', 't', 'p', '/', '1', '.', '1'};

/// Keeps the newest session of a connection's user, whom TlsClientStream has named. 1: we own it now.
int keep_session(SSL* ssl, SSL_SESSION* session) {
  auto* const slot = static_cast<actors::TlsSession*>(SSL_get_app_data(ssl));
  if (slot == nullptr) return 0;
  slot->reset(session);
  return 1;
}

}  // namespace

Result<std::shared_ptr<TlsContext>> TlsContext::make(const TlsOptions& options) {
  std::shared_ptr<TlsContext> made(new TlsContext);
  made->context_.reset(SSL_CTX_new(TLS_client_method()));
  auto* const context = made->get();
  if (context == nullptr) return Error{ErrorCode::internal, "OpenSSL gives no context for TLS"};
  made->verifies_ = options.verify;
  SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
  SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE);
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
  SSL_CTX_sess_set_new_cb(context, keep_session);
  SSL_CTX_set_alpn_protos(context, only_http_1_1.data(), only_http_1_1.size());
  SSL_CTX_set_verify(context, options.verify ? SSL_VERIFY_PEER : SSL_VERIFY_NONE, nullptr);
  const bool trusts = options.ca_file.empty()
                          ? SSL_CTX_set_default_verify_paths(context) == 1
                          : SSL_CTX_load_verify_file(context, options.ca_file.c_str()) == 1;
  ERR_clear_error();
  if (trusts || !options.verify) return made;
  return Error{ErrorCode::invalid_argument,
               fmt::format("cannot read certificates from {} (--cacert wants a file in PEM format)",
                           options.ca_file.empty() ? "the system's store" : options.ca_file)};
}

}  // namespace troupe::sim
