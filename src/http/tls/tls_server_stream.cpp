#include "http/tls/tls_server_stream.hpp"

#include <openssl/err.h>

#include <string_view>
#include <utility>

#include "http/tls/server_tls.hpp"
#include "support/log_line.hpp"

namespace troupe::http {
namespace {

constexpr std::string_view told_in_http =
    "HTTP/1.1 400 Bad Request\r\n"
    "Content-Type: text/plain\r\n"
    "Content-Length: 45\r\n"
    "Connection: close\r\n\r\n"
    "This port speaks TLS: write https:// instead\n";

}  // namespace

TlsServerStream::TlsServerStream(actors::IoEngine& io, std::unique_ptr<actors::ByteStream> inner,
                                 SSL_CTX& context, ServerTls& tls)
    : TlsStream(io, std::move(inner), context), tls_(tls) {
  SSL_set_accept_state(ssl());
}

void TlsServerStream::on_open() {
  tls_.count_handshake(SSL_session_reused(ssl()) == 1);
}

std::string TlsServerStream::fault_of(unsigned long code) {
  if (!is_open()) tls_.count_failure();
  const auto reason = ERR_GET_REASON(code);
  if (reason == SSL_R_HTTP_REQUEST || reason == SSL_R_HTTPS_PROXY_REQUEST) {
    boost::system::error_code gone;
    inner().write_some({&told_in_http, 1}, gone);
  }
  const auto* const text = ERR_reason_error_string(code);
  auto fault = std::string("TLS: ") + (text != nullptr ? text : "the connection failed");
  log_debug("{}", fault);
  return fault;
}

}  // namespace troupe::http
