#pragma once

#include <string_view>

#include "http/server/request.hpp"

namespace troupe::http {

/// The name of the cookie that /login sets; its value is the key or token.
inline constexpr std::string_view login_cookie = "troupe_login";

/// What a request has to show for itself.
struct Credential {
  enum class From {
    nowhere,
    field,    ///< Authorization with Bearer (RFC 6750 section 2.1), or X-API-Key
    cookie,   ///< which a browser sends by itself
    scheme,   ///< Authorization, but not with Bearer
    unclear,  ///< more than one, or none that could be meant
  };
  From from = From::nowhere;
  std::string_view text{};  ///< of the request's
  bool bearer = false;      ///< it was behind Bearer
};

/// Fields win over the cookie. Pure; from any thread.
Credential credential_of(const Request& request);

/// Whether its text is one key or token, and not two, or something else. To be asked of what is not known:
/// what is known was.
bool is_well_formed(const Credential& credential);

/// Whether what sent this request is a page of this server: its Origin (RFC 6454 section 7) names the host
/// that the request names.
bool from_own_page(const Request& request);

}  // namespace troupe::http
