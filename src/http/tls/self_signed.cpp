#include "http/tls/self_signed.hpp"

#include <openssl/rand.h>
#include <openssl/x509v3.h>

#include <boost/asio/ip/address.hpp>
#include <cstdint>

namespace troupe::http {
namespace {

constexpr long validity_s = 30L * 24 * 3600;
/// A client's clock may be behind ours.
constexpr long behind_s = 3600;

std::string certified_names(const std::string& host) {
  std::string names = "DNS:localhost,IP:127.0.0.1,IP:::1";
  boost::system::error_code no_address;
  boost::asio::ip::make_address(host, no_address);
  // A name with a comma or a colon would be read as several.
  if (!no_address) return names + ",IP:" + host;
  if (host.empty() || host.find_first_of(",:=@") != std::string::npos) return names;
  return names + ",DNS:" + host;
}

bool extend(X509* certificate, int nid, const std::string& value) {
  const std::unique_ptr<X509_EXTENSION, decltype(&X509_EXTENSION_free)> extension(
      X509V3_EXT_conf_nid(nullptr, nullptr, nid, value.c_str()), X509_EXTENSION_free);
  return extension && X509_add_ext(certificate, extension.get(), -1) == 1;
}

/// RFC 5280 section 4.1.2.2: a positive number that nobody guesses.
bool number(X509* certificate) {
  std::uint64_t serial = 0;
  return RAND_bytes(reinterpret_cast<unsigned char*>(&serial), sizeof serial) == 1 &&
         ASN1_INTEGER_set_uint64(X509_get_serialNumber(certificate), serial >> 1U) == 1;
}

bool fill(X509* certificate, EVP_PKEY* key, const std::string& host) {
  static constexpr unsigned char name[] = "Troupe, self-signed";
  auto* const subject = X509_get_subject_name(certificate);
  return X509_set_version(certificate, X509_VERSION_3) == 1 && number(certificate) &&
         X509_gmtime_adj(X509_getm_notBefore(certificate), -behind_s) != nullptr &&
         X509_gmtime_adj(X509_getm_notAfter(certificate), validity_s) != nullptr &&
         X509_set_pubkey(certificate, key) == 1 &&
         X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC, name, -1, -1, 0) == 1 &&
         X509_set_issuer_name(certificate, subject) == 1 &&
         extend(certificate, NID_subject_alt_name, certified_names(host)) &&
         extend(certificate, NID_basic_constraints, "critical,CA:FALSE") &&
         extend(certificate, NID_ext_key_usage, "serverAuth") &&
         X509_sign(certificate, key, EVP_sha256()) > 0;
}

}  // namespace

Result<CertificatePair> make_self_signed(const std::string& host) {
  CertificatePair pair{{X509_new(), X509_free}, {EVP_EC_gen("P-256"), EVP_PKEY_free}};
  if (pair.certificate && pair.key && fill(pair.certificate.get(), pair.key.get(), host)) return pair;
  return Error{ErrorCode::internal, "OpenSSL cannot make a self-signed certificate"};
}

}  // namespace troupe::http
