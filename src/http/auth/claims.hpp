#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "support/result.hpp"

namespace troupe::http {

/// What a token's first part says (RFC 7515 section 4.1), as far as it matters here.
struct TokenHeader {
  std::string algorithm;
  std::optional<std::string> key_id{};
};

/// What its second part says (RFC 7519 section 4.1). Times are seconds since 1970.
struct Claims {
  std::optional<double> expires{}, not_before{}, issued_at{};
  std::optional<std::string> issuer{}, subject{};
  std::optional<std::vector<std::string>> audience{};
  std::vector<std::string> roles{};
};

/// Names of claims that have a meaning of their own, so that roles cannot be in them.
bool is_registered_claim(std::string_view name);

/// Read strictly: one JSON object and nothing behind it, no member of these twice, each of its type. Others
/// are passed over. Errors are sentences for the client. Pure; from any thread.
Result<TokenHeader> read_token_header(std::string_view json);
/// `roles_claim`: the member that lists roles, as an array of texts or a text with blanks between them.
Result<Claims> read_claims(std::string_view json, std::string_view roles_claim);

}  // namespace troupe::http
