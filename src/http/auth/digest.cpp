#include "http/auth/digest.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include <charconv>
#include <memory>

#include "support/characters.hpp"
#include "support/invariant.hpp"

namespace troupe::http {

Digest digest_of(std::string_view text) {
  // SHA256() of OpenSSL 3 looks the algorithm up by name each time, under a lock.
  static EVP_MD* const algorithm = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  thread_local const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(),
                                                                                     EVP_MD_CTX_free);
  Digest digest;
  const bool made = EVP_DigestInit_ex2(context.get(), algorithm, nullptr) == 1 &&
                    EVP_DigestUpdate(context.get(), text.data(), text.size()) == 1 &&
                    EVP_DigestFinal_ex(context.get(), digest.data(), nullptr) == 1;
  TROUPE_INVARIANT(made, "OpenSSL makes a SHA-256");
  return digest;
}

std::optional<Digest> read_digest(std::string_view hex) {
  Digest digest;
  if (hex.size() != 2 * digest.size() || !all_in(hex, hex_char)) return std::nullopt;
  for (std::size_t i = 0; i < digest.size(); ++i)
    std::from_chars(hex.data() + 2 * i, hex.data() + 2 * i + 2, digest[i], 16);
  return digest;
}

bool same_digest(const Digest& one, const Digest& other) {
  return CRYPTO_memcmp(one.data(), other.data(), one.size()) == 0;
}

}  // namespace troupe::http
