#include "http/auth/signing_key.hpp"

#include <openssl/crypto.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/pem.h>

#include <array>
#include <utility>

namespace troupe::http {
namespace {

/// RFC 7518 section 3.2: a key of the hash's size or more.
constexpr std::size_t least_secret = 32;
/// RFC 7518 section 3.3.
constexpr int least_rsa_bits = 2048;
/// Of each of the two numbers of a signature with P-256 (RFC 7518 section 3.4).
constexpr std::size_t es256_half = 32;

const unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

std::string_view without_line_end(std::string_view text) {
  if (text.ends_with('\n')) text.remove_suffix(1);
  if (text.ends_with('\r')) text.remove_suffix(1);
  return text;
}

bool is_p256(const EVP_PKEY* key) {
  std::array<char, 32> group{};
  std::size_t size = 0;
  return EVP_PKEY_get_group_name(key, group.data(), group.size(), &size) == 1 &&
         std::string_view(group.data(), size) == SN_X9_62_prime256v1;
}

bool hmac_matches(std::string_view secret, std::string_view text, std::string_view signature) {
  std::array<unsigned char, 32> own{};
  unsigned size = 0;
  if (HMAC(EVP_sha256(), secret.data(), static_cast<int>(secret.size()), bytes_of(text), text.size(),
           own.data(), &size) == nullptr)
    return false;
  return signature.size() == size && CRYPTO_memcmp(own.data(), signature.data(), size) == 0;
}

/// The two numbers in a row as OpenSSL wants them; empty: they are none.
std::string der_of(std::string_view signature) {
  if (signature.size() != 2 * es256_half) return {};
  const std::unique_ptr<ECDSA_SIG, decltype(&ECDSA_SIG_free)> both(ECDSA_SIG_new(), ECDSA_SIG_free);
  auto* r = BN_bin2bn(bytes_of(signature), es256_half, nullptr);
  auto* s = BN_bin2bn(bytes_of(signature) + es256_half, es256_half, nullptr);
  if (!both || ECDSA_SIG_set0(both.get(), r, s) != 1) {
    BN_free(r);
    BN_free(s);
    return {};
  }
  unsigned char* encoded = nullptr;
  const int size = i2d_ECDSA_SIG(both.get(), &encoded);
  if (size <= 0) return {};
  std::string der(reinterpret_cast<const char*>(encoded), static_cast<std::size_t>(size));
  OPENSSL_free(encoded);
  return der;
}

bool verifies(EVP_PKEY* key, std::string_view text, std::string_view signature) {
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(), EVP_MD_CTX_free);
  const bool good =
      context && EVP_DigestVerifyInit(context.get(), nullptr, EVP_sha256(), nullptr, key) == 1 &&
      EVP_DigestVerify(context.get(), bytes_of(signature), signature.size(), bytes_of(text), text.size()) ==
          1;
  ERR_clear_error();  // what a stranger sent must not be found there by others of this thread
  return good;
}

}  // namespace

std::string_view name_of(SigningAlgorithm algorithm) {
  constexpr std::array<std::string_view, 3> names{"HS256", "RS256", "ES256"};
  return names[static_cast<std::size_t>(algorithm)];
}

Result<SigningKey> SigningKey::make(SigningAlgorithm algorithm, std::string_view material) {
  const bool pem = material.find("-----BEGIN ") != std::string_view::npos;
  if (algorithm == SigningAlgorithm::hs256) {
    const auto secret = without_line_end(material);
    if (pem) return invalid("HS256 wants a secret, and this is PEM: who has a public key could sign with it");
    if (secret.size() < least_secret) return invalid("the secret of HS256 must have 32 bytes or more");
    return SigningKey(algorithm, std::string(secret), nullptr);
  }
  if (material.find("PRIVATE KEY-----") != std::string_view::npos)
    return invalid("it holds a private key: give the public one, which is all that is needed here");
  const std::unique_ptr<BIO, decltype(&BIO_free)> in(
      BIO_new_mem_buf(material.data(), static_cast<int>(material.size())), BIO_free);
  const std::shared_ptr<EVP_PKEY> key(PEM_read_bio_PUBKEY(in.get(), nullptr, nullptr, nullptr),
                                      EVP_PKEY_free);
  ERR_clear_error();
  if (key == nullptr) return invalid("it holds no public key in PEM (BEGIN PUBLIC KEY)");
  if (algorithm == SigningAlgorithm::rs256) {
    if (EVP_PKEY_get_base_id(key.get()) != EVP_PKEY_RSA) return invalid("RS256 wants a key of RSA");
    if (EVP_PKEY_get_bits(key.get()) < least_rsa_bits)
      return invalid("RS256 wants a key of 2048 bits or more");
  } else if (!is_p256(key.get())) {
    return invalid("ES256 wants a key on the curve P-256");
  }
  return SigningKey(algorithm, {}, key);
}

bool SigningKey::has_signed(std::string_view text, std::string_view signature) const {
  if (algorithm_ == SigningAlgorithm::hs256) return hmac_matches(secret_, text, signature);
  auto* const key = static_cast<EVP_PKEY*>(public_key_.get());
  if (algorithm_ == SigningAlgorithm::rs256) return verifies(key, text, signature);
  const auto der = der_of(signature);
  return !der.empty() && verifies(key, text, der);
}

}  // namespace troupe::http
