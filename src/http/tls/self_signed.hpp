#pragma once

#include <openssl/evp.h>
#include <openssl/x509.h>

#include <memory>
#include <string>

#include "support/result.hpp"

namespace troupe::http {

/// A certificate and its key.
struct CertificatePair {
  std::shared_ptr<X509> certificate;
  std::shared_ptr<EVP_PKEY> key;
};

/// A certificate that nobody vouches for, with a new P-256 key: for `host`, localhost and the loopback
/// addresses, good for 30 days. Errors: internal, when OpenSSL cannot.
Result<CertificatePair> make_self_signed(const std::string& host);

}  // namespace troupe::http
