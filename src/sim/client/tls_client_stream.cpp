#include "sim/client/tls_client_stream.hpp"

#include <openssl/err.h>
#include <openssl/x509v3.h>
#include <spdlog/fmt/fmt.h>

#include <boost/asio/ip/address.hpp>
#include <utility>

namespace troupe::sim {

using boost::system::error_code;

TlsClientStream::TlsClientStream(actors::IoEngine& io, std::unique_ptr<actors::ByteStream> inner,
                                 TlsContext& context, const std::string& host, actors::TlsSession& session)
    : TlsStream(io, std::move(inner), *context.get()), context_(context), host_(host) {
  SSL_set_connect_state(ssl());
  SSL_set_app_data(ssl(), &session);
  error_code no_address;
  boost::asio::ip::make_address(host, no_address);
  if (!no_address) {
    X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl()), host.c_str());
  } else {
    SSL_set_tlsext_host_name(ssl(), host.c_str());  // RFC 6066 section 3: names only
    SSL_set1_host(ssl(), host.c_str());
  }
  if (session) SSL_set_session(ssl(), session.get());
  error_code told_by_reading;
  go_on_with_handshake(told_by_reading);
}

void TlsClientStream::on_open() {
  context_.count_handshake(SSL_session_reused(ssl()) == 1);
}

std::string TlsClientStream::fault_of(unsigned long code) {
  const auto verified = SSL_get_verify_result(ssl());
  if (context_.verifies() && verified != X509_V_OK) {
    return fmt::format(
        "the certificate of {} is not accepted: {} (--cacert FILE trusts another authority, "
        "--insecure any certificate)",
        host_, X509_verify_cert_error_string(verified));
  }
  if (ERR_GET_REASON(code) == SSL_R_WRONG_VERSION_NUMBER) return "the port does not speak TLS: write http://";
  const auto* const reason = ERR_reason_error_string(code);
  return fmt::format("TLS: {}", reason != nullptr ? reason : "the handshake failed");
}

}  // namespace troupe::sim
