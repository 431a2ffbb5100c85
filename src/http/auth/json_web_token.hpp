#pragma once

#include <cstddef>
#include <memory>
#include <string_view>
#include <vector>

#include "http/auth/rules.hpp"
#include "http/server/caller.hpp"
#include "support/result.hpp"

namespace troupe::http {

/// More than any that is in use; what is longer is not even looked at.
inline constexpr std::size_t longest_credential = 8 * 1024;

/// A token that was found good.
struct GoodToken {
  std::shared_ptr<const Caller> caller;
  double expires = 0;  ///< seconds since 1970, with the leeway
};

/// Checks a JWT (RFC 7519) in the compact form of a JWS: signature, times, issuer and audience. `now`:
/// seconds since 1970. Errors are sentences for who sent it, which tell what is wrong with the claims only
/// where the signature is good. Pure; from any thread.
Result<GoodToken> check_token(std::string_view token, const Rules& rules, double now);

}  // namespace troupe::http
