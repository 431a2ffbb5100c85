#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "support/result.hpp"

namespace troupe::http {

/// How a token is signed (RFC 7518 section 3.1).
enum class SigningAlgorithm { hs256, rs256, es256 };

/// "HS256"
std::string_view name_of(SigningAlgorithm algorithm);

/// What the signatures of one issuer are checked with, by OpenSSL. The algorithm belongs to the key: what a
/// token says of it is never asked here. Immutable; from any thread.
class SigningKey {
 public:
  /// `material`: what the key's file holds: for HS256 the secret (a line end behind it is none of it), for
  /// the others a public key in PEM. Error: one line without the file's name.
  static Result<SigningKey> make(SigningAlgorithm algorithm, std::string_view material);

  SigningAlgorithm algorithm() const { return algorithm_; }
  bool has_signed(std::string_view text, std::string_view signature) const;

 private:
  using PublicKey = std::shared_ptr<void>;  ///< an EVP_PKEY

  SigningKey(SigningAlgorithm algorithm, std::string secret, PublicKey key)
      : algorithm_(algorithm), secret_(std::move(secret)), public_key_(std::move(key)) {}

  SigningAlgorithm algorithm_;
  std::string secret_;    ///< of HS256
  PublicKey public_key_;  ///< of the others
};

}  // namespace troupe::http
