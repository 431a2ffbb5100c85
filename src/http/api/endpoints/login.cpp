#include <algorithm>
#include <string>
#include <string_view>

#include "http/api/endpoints/endpoints.hpp"
#include "http/api/pages/login_page.hpp"
#include "http/api/pages/page_frame.hpp"
#include "http/api/query_string.hpp"
#include "http/auth/credentials.hpp"
#include "http/server/access.hpp"
#include "support/characters.hpp"

// The login of a browser is a cookie that holds the key itself, so that the server has nothing to remember.
// No script sees it (HttpOnly), and no page of another site has it sent (SameSite); what changes something
// must also come from a page of this server (Gate).

namespace troupe::http {
namespace {

Response page(int status, std::string_view who, std::string_view fault) {
  return {status, page_content_type, std::string(page_fields()), login_page(who, fault)};
}

/// The cookie's field. A browser that came by TLS, to this server or to a proxy in front of it, says so in
/// its Origin, and must not send the key otherwise.
std::string cookie_field(const Request& request, std::string_view value, std::string_view more) {
  std::string field = "Set-Cookie: ";
  field.append(login_cookie)
      .append("=")
      .append(value)
      .append("; Path=/; HttpOnly; SameSite=Strict")
      .append(more);
  if (request.origin.starts_with("https://")) field += "; Secure";
  return field + "\r\n";
}

Response go_to(std::string_view path, const std::string& cookie) {
  return {303, {}, "Location: " + std::string(path) + "\r\nCache-Control: no-store\r\n" + cookie, {}};
}

/// What the form has sent.
std::string key_of(const Request& request) {
  const auto fields = parse_query_string(request.body).value_or(std::vector<QueryParameter>{});
  const auto key = std::ranges::find(fields, "key", &QueryParameter::name);
  return key == fields.end() ? std::string() : std::string(trim_whitespace(key->value));
}

/// cookie-octet of RFC 6265 section 4.1.1.
bool fits_a_cookie(std::string_view text) {
  return std::ranges::all_of(text, [](char c) {
    return c > ' ' && c < '\x7f' && std::string_view("\",;\\").find(c) == std::string_view::npos;
  });
}

constexpr std::string_view foreign =
    "this form was not sent from a page of this server, or a proxy changed the Host";

}  // namespace

Step begin_login_form(Exchange& exchange, const ServerContext&) {
  const auto credential = credential_of(exchange.request);
  const auto sent = credential.from == Credential::From::cookie ? credential.text : std::string_view();
  const auto caller = sent.empty() ? nullptr : exchange.router->access()->who_has(sent);
  return page(200, caller == nullptr ? std::string_view() : std::string_view(caller->name), {});
}

Step begin_login(Exchange& exchange, const ServerContext&) {
  const auto& request = exchange.request;
  if (!from_own_page(request)) return page(403, {}, foreign);
  const auto key = key_of(request);
  if (key.empty() || !fits_a_cookie(key) || exchange.router->access()->who_has(key) == nullptr) {
    auto refused = page(401, {}, "this key or token is not known here, or has expired");
    refused.fields += "WWW-Authenticate: Bearer realm=\"troupe\"\r\n";
    return refused;
  }
  return go_to("/", cookie_field(request, key, {}));
}

Step begin_logout(Exchange& exchange, const ServerContext&) {
  if (!from_own_page(exchange.request)) return page(403, {}, foreign);
  return go_to("/login", cookie_field(exchange.request, {}, "; Max-Age=0"));
}

}  // namespace troupe::http
