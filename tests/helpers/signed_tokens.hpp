#pragma once

#include <openssl/evp.h>

#include <memory>
#include <string>
#include <string_view>

namespace troupe::tests {

/// A key that signs tokens as an issuer does.
class TokenSigner {
 public:
  static TokenSigner with_secret(std::string secret);
  static TokenSigner with_rsa(unsigned bits = 2048);
  static TokenSigner with_curve(const char* curve = "P-256");

  /// A token with these two parts, signed in the key's own way whatever the header says.
  std::string token(std::string_view header, std::string_view claims) const;
  /// With the header that belongs to the key.
  std::string token(std::string_view claims) const;
  /// The signature of a text, not encoded.
  std::string signature_of(std::string_view text) const;
  /// PEM.
  std::string public_key() const;
  std::string private_key() const;

 private:
  std::string secret_;
  std::shared_ptr<EVP_PKEY> key_;
};

}  // namespace troupe::tests
