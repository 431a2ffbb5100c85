// What clients say of who they are: tokens, and the addresses that proxies name.
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>
#include <cmath>

#include "fuzz/fuzz_target.hpp"
#include "http/auth/claims.hpp"
#include "http/auth/json_web_token.hpp"
#include "http/auth/rules.hpp"
#include "http/limits/forwarded.hpp"
#include "schema/base64.hpp"

namespace troupe::fuzz {
namespace {

constexpr double now = 1000;
const std::string secret(32, 's');

const http::Rules& rules() {
  static const http::Rules made = [] {
    http::AuthFile file;
    file.roles.push_back({"clerk"});
    file.issuers.push_back({*http::SigningKey::make(http::SigningAlgorithm::hs256, secret)});
    return http::Rules(std::move(file));
  }();
  return made;
}

std::string signed_token(std::string_view claims) {
  auto token = schema::base64url_of(R"({"alg":"HS256"})") + "." + schema::base64url_of(claims);
  std::array<unsigned char, EVP_MAX_MD_SIZE> signature{};
  unsigned int size = 0;
  HMAC(EVP_sha256(), secret.data(), static_cast<int>(secret.size()),
       reinterpret_cast<const unsigned char*>(token.data()), token.size(), signature.data(), &size);
  const std::string_view bytes(reinterpret_cast<const char*>(signature.data()), size);
  return token + "." + schema::base64url_of(bytes);
}

/// Nobody guesses a signature: a token as it comes is never good.
std::string try_token(std::string_view input) {
  const auto good = http::check_token(input, rules(), now);
  return good ? "a token that nobody signed is good" : fault_of_message(good.error().message);
}

/// Claims that somebody signed are good only as long as they say so, and one sign changed is a forgery.
std::string try_claims(std::string_view input) {
  const auto claims = http::read_claims(input, "roles");
  if (!claims) {
    if (const auto fault = fault_of_message(claims.error().message); !fault.empty()) return fault;
  }
  auto token = signed_token(input);
  const auto good = http::check_token(token, rules(), now);
  if (good && !claims) return "claims that cannot be read are good";
  if (good && !(std::isfinite(good->expires) && good->expires > now)) return "it has expired, and is good";
  if (good && claims->audience) return "it is for another audience, and is good";
  char& changed = token[input.size() % token.size()];
  changed = changed == 'A' ? 'B' : 'A';
  if (http::check_token(token, rules(), now)) return "a changed token is good";
  return {};
}

std::string try_token_header(std::string_view input) {
  const auto header = http::read_token_header(input);
  return header ? "" : fault_of_message(header.error().message);
}

std::string try_base64url(std::string_view input) {
  if (schema::decode_base64url(schema::base64url_of(input)) != input) return "not what was written";
  const auto bytes = schema::decode_base64url(input);
  return !bytes || schema::base64url_of(*bytes) == input ? "" : "another text has the same bytes";
}

std::string written(const http::Hops& hops, std::string_view before, bool quoted) {
  std::string list;
  for (const auto& hop : hops) {
    auto node = hop ? hop->to_string() : "unknown";
    if (hop && hop->is_v6()) node = "[" + node + "]";
    list += (list.empty() ? "" : ", ") + std::string(before) + (quoted ? "\"" + node + "\"" : node);
  }
  return list;
}

std::string try_forwarded(std::string_view input) {
  if (const auto hops = http::parse_forwarded(input)) {
    if (hops->size() > http::most_hops) return "too many hops";
    if (http::parse_forwarded(written(*hops, "for=", true)) != hops)
      return "written again it is another path";
  }
  const auto hops = http::parse_x_forwarded_for(input);
  if (hops.size() > http::most_hops) return "too many elements";
  if (http::parse_x_forwarded_for(written(hops, "", false)) != hops)
    return "written again it is another list";
  return {};
}

const std::vector<std::string_view> claim_pieces{R"({"exp":2000})",
                                                 R"("exp":)",
                                                 R"("nbf":)",
                                                 R"("iat":)",
                                                 R"("aud":)",
                                                 R"("sub":"a")",
                                                 R"("roles":)",
                                                 R"(["clerk"])",
                                                 "1e400",
                                                 "-0",
                                                 R"("\u0000")",
                                                 R"({"alg":")",
                                                 "HS256",
                                                 "none",
                                                 R"("kid":)",
                                                 "2000",
                                                 "null",
                                                 "true",
                                                 "}",
                                                 ","};

const Register token_target({"token",
                             try_token,
                             {".", "eyJhbGciOiJIUzI1NiJ9", "eyJhbGciOiJub25lIn0", "e30"}});
const Register claims_target({"claims", try_claims, claim_pieces});
const Register token_header_target({"token_header", try_token_header, claim_pieces});
const Register base64url_target({"base64url", try_base64url, {"-", "_", "=", "+", "/", "A"}});
const Register forwarded_target({"forwarded",
                                 try_forwarded,
                                 {"for=", "For=", "\"", "[", "]", ":", ";", ",", "by=", "unknown", "_a",
                                  "192.0.2.7", "2001:db8::1", "::ffff:192.0.2.1", ":80", "%eth0", "\\",
                                  " "}});

}  // namespace
}  // namespace troupe::fuzz
