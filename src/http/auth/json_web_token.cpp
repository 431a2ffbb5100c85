#include "http/auth/json_web_token.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "http/auth/claims.hpp"
#include "schema/base64.hpp"
#include "support/characters.hpp"

namespace troupe::http {
namespace {

struct Parts {
  std::string_view header, claims, signature;
  std::string_view signed_text;  ///< the first two, with the dot
};

std::optional<Parts> parts_of(std::string_view token) {
  const auto first = token.find('.');
  if (first == token.npos) return std::nullopt;
  const auto second = token.find('.', first + 1);
  if (second == token.npos || token.find('.', second + 1) != token.npos) return std::nullopt;
  return Parts{token.substr(0, first), token.substr(first + 1, second - first - 1), token.substr(second + 1),
               token.substr(0, second)};
}

bool may_be_of(const TokenHeader& header, const IssuerEntry& issuer) {
  if (header.algorithm != name_of(issuer.key.algorithm())) return false;
  return !issuer.key_id || header.key_id == issuer.key_id;
}

/// What is wrong with the claims; empty: nothing. RFC 7519 section 4.1: who is not named by an audience that
/// is there must refuse the token.
std::string_view fault_of(const Claims& claims, const IssuerEntry& issuer, double now) {
  const auto leeway = static_cast<double>(issuer.leeway.count());
  if (!claims.expires) return "the token has no end (exp)";
  if (now >= *claims.expires + leeway) return "the token has expired";
  if (claims.not_before && now < *claims.not_before - leeway) return "the token is not valid yet (nbf)";
  if (claims.issued_at && now < *claims.issued_at - leeway) return "the token is of the future (iat)";
  if (issuer.max_lifetime) {
    const auto most = static_cast<double>(issuer.max_lifetime->count());
    if (!claims.issued_at || *claims.expires - *claims.issued_at > most) return "the token lives too long";
  }
  if (issuer.issuer && claims.issuer != issuer.issuer) return "the token is of another issuer";
  const bool named = claims.audience && issuer.audience &&
                     std::ranges::find(*claims.audience, *issuer.audience) != claims.audience->end();
  if ((claims.audience || issuer.audience) && !named) return "the token is for another audience";
  return {};
}

/// For logs and limits: no key has a name with a colon.
std::string name_of_caller(const Claims& claims) {
  constexpr std::size_t longest = 128;
  std::string name = "jwt:" + claims.subject.value_or("").substr(0, longest);
  for (char& c : name) {
    if (c <= ' ' || c > '~') c = '?';
  }
  return name;
}

}  // namespace

Result<GoodToken> check_token(std::string_view token, const Rules& rules, double now) {
  auto refusal = invalid("the key or token is not known here");
  const auto parts = parts_of(token);
  if (!parts || token.size() > longest_credential) return refusal;
  const auto header_text = schema::decode_base64url(parts->header);
  const auto claims_text = schema::decode_base64url(parts->claims);
  const auto signature = schema::decode_base64url(parts->signature);
  if (!header_text || !claims_text || !signature) return refusal;
  const auto header = read_token_header(*header_text);
  if (!header) return refusal;
  for (const auto& issuer : rules.issuers()) {
    if (!may_be_of(*header, issuer) || !issuer.key.has_signed(parts->signed_text, *signature)) continue;
    const auto claims = read_claims(*claims_text, issuer.roles_claim);
    const auto fault = claims ? std::string(fault_of(*claims, issuer, now)) : claims.error().message;
    if (!fault.empty()) {
      refusal.message = fault;
      continue;
    }
    auto caller = std::make_shared<const Caller>(
        Caller{name_of_caller(*claims), rules.roles_of(claims->roles) | Rules::everybody});
    return GoodToken{std::move(caller), *claims->expires + static_cast<double>(issuer.leeway.count())};
  }
  return refusal;
}

}  // namespace troupe::http
