#include "http/auth/credentials.hpp"

#include <boost/beast/core/string.hpp>

#include "support/characters.hpp"

namespace troupe::http {
namespace {

using boost::beast::iequals;

/// token68 of RFC 9110 section 11.2, which is also RFC 6750's b64token.
bool is_token68(std::string_view text) {
  while (text.ends_with('=')) text.remove_suffix(1);
  if (text.empty()) return false;
  for (const char c : text) {
    if (!is_in(c, unreserved_char) && c != '+' && c != '/') return false;
  }
  return true;
}

Credential bearer_of(std::string_view field) {
  const auto blank = field.find(' ');
  if (!iequals(field.substr(0, blank), "Bearer")) return {Credential::From::scheme};
  const auto token = blank == field.npos ? std::string_view() : trim_whitespace(field.substr(blank));
  if (token.empty()) return {Credential::From::unclear};
  return {Credential::From::field, token, true};
}

/// The value of our cookie (RFC 6265 section 4.2); empty: there is none.
std::string_view cookie_of(std::string_view cookies) {
  while (!cookies.empty()) {
    const auto end = std::min(cookies.find(';'), cookies.size());
    const auto pair = trim_whitespace(cookies.substr(0, end));
    if (pair.starts_with(login_cookie) && pair.substr(login_cookie.size()).starts_with('='))
      return pair.substr(login_cookie.size() + 1);
    cookies.remove_prefix(std::min(end + 1, cookies.size()));
  }
  return {};
}

}  // namespace

Credential credential_of(const Request& request) {
  const bool bearer = !request.authorization.empty();
  if (bearer && !request.api_key.empty()) return {Credential::From::unclear};
  if (bearer) return bearer_of(request.authorization);
  if (!request.api_key.empty()) return {Credential::From::field, request.api_key};
  const auto cookie = cookie_of(request.cookie);
  return cookie.empty() ? Credential{} : Credential{Credential::From::cookie, cookie};
}

bool is_well_formed(const Credential& credential) {
  if (credential.bearer) return is_token68(credential.text);
  return credential.text.find_first_of(", \t") == std::string_view::npos;
}

bool from_own_page(const Request& request) {
  std::string_view origin = request.origin;
  const auto slashes = origin.find("://");
  if (slashes == origin.npos || request.host.empty()) return false;
  return iequals(origin.substr(slashes + 3), request.host);
}

}  // namespace troupe::http
