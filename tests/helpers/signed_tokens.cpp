#include "helpers/signed_tokens.hpp"

#include <openssl/ecdsa.h>
#include <openssl/hmac.h>
#include <openssl/pem.h>

#include <array>
#include <catch2/catch.hpp>

#include "schema/base64.hpp"

namespace troupe::tests {
namespace {

const unsigned char* bytes(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

template <class Write>
std::string pem_of(Write write) {
  const std::unique_ptr<BIO, decltype(&BIO_free)> out(BIO_new(BIO_s_mem()), BIO_free);
  REQUIRE(write(out.get()) == 1);
  char* data = nullptr;
  const auto size = BIO_get_mem_data(out.get(), &data);
  return {data, static_cast<std::size_t>(size)};
}

/// Two numbers of 32 bytes, as RFC 7518 section 3.4 has them.
std::string both_numbers(const std::string& der) {
  const auto* place = bytes(der);
  const std::unique_ptr<ECDSA_SIG, decltype(&ECDSA_SIG_free)> both(
      d2i_ECDSA_SIG(nullptr, &place, static_cast<long>(der.size())), ECDSA_SIG_free);
  REQUIRE(both);
  std::array<unsigned char, 64> numbers{};
  BN_bn2binpad(ECDSA_SIG_get0_r(both.get()), numbers.data(), 32);
  BN_bn2binpad(ECDSA_SIG_get0_s(both.get()), numbers.data() + 32, 32);
  return {reinterpret_cast<const char*>(numbers.data()), numbers.size()};
}

}  // namespace

TokenSigner TokenSigner::with_secret(std::string secret) {
  TokenSigner signer;
  signer.secret_ = std::move(secret);
  return signer;
}

TokenSigner TokenSigner::with_rsa(unsigned bits) {
  TokenSigner signer;
  signer.key_.reset(EVP_RSA_gen(bits), EVP_PKEY_free);
  return signer;
}

TokenSigner TokenSigner::with_curve(const char* curve) {
  TokenSigner signer;
  signer.key_.reset(EVP_EC_gen(curve), EVP_PKEY_free);
  return signer;
}

std::string TokenSigner::signature_of(std::string_view text) const {
  std::array<unsigned char, 1024> made{};
  if (!key_) {
    unsigned length = 0;
    HMAC(EVP_sha256(), secret_.data(), static_cast<int>(secret_.size()), bytes(text), text.size(),
         made.data(), &length);
    return {reinterpret_cast<const char*>(made.data()), length};
  }
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(), EVP_MD_CTX_free);
  std::size_t size = made.size();
  REQUIRE(EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, key_.get()) == 1);
  REQUIRE(EVP_DigestSign(context.get(), made.data(), &size, bytes(text), text.size()) == 1);
  std::string signature(reinterpret_cast<const char*>(made.data()), size);
  return EVP_PKEY_get_base_id(key_.get()) == EVP_PKEY_EC ? both_numbers(signature) : signature;
}

std::string TokenSigner::token(std::string_view header, std::string_view claims) const {
  const auto text = schema::base64url_of(header) + '.' + schema::base64url_of(claims);
  return text + '.' + schema::base64url_of(signature_of(text));
}

std::string TokenSigner::token(std::string_view claims) const {
  if (!key_) return token(R"({"alg":"HS256","typ":"JWT"})", claims);
  const bool rsa = EVP_PKEY_get_base_id(key_.get()) == EVP_PKEY_RSA;
  return token(rsa ? R"({"alg":"RS256"})" : R"({"alg":"ES256"})", claims);
}

std::string TokenSigner::public_key() const {
  return pem_of([&](BIO* out) { return PEM_write_bio_PUBKEY(out, key_.get()); });
}

std::string TokenSigner::private_key() const {
  return pem_of([&](BIO* out) {
    return PEM_write_bio_PrivateKey(out, key_.get(), nullptr, nullptr, 0, nullptr, nullptr);
  });
}

}  // namespace troupe::tests
