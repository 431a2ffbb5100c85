#include "http/auth/gate.hpp"

#include <limits>
#include <optional>
#include <string>
#include <utility>

#include "http/auth/credential_cache.hpp"
#include "http/auth/credentials.hpp"
#include "http/auth/digest.hpp"
#include "http/auth/json_web_token.hpp"
#include "http/server/problem.hpp"

namespace troupe::http {
namespace {

/// Of each worker: some thousands of keys or tokens of usual sizes, which are in use at once.
constexpr std::size_t remembered_bytes = 1 << 20;

/// A challenge as RFC 6750 section 3 has it; `error` may be empty. `detail` holds no quotes.
Response challenge(int status, std::string_view error, const std::string& detail) {
  auto response = response_of(plain_problem(status, detail));
  response.fields += "WWW-Authenticate: Bearer realm=\"troupe\"";
  if (!error.empty())
    response.fields.append(", error=\"")
        .append(error)
        .append("\", error_description=\"")
        .append(detail)
        .append("\"");
  response.fields += "\r\n";
  return response;
}

Response unclear() {
  return challenge(400, "invalid_request",
                   "send one key or token, as Authorization: Bearer KEY or as X-API-Key: KEY");
}

Response not_allowed() {
  return response_of(
      typed_problem(403, "not-allowed", "Not allowed", "this key or token does not allow that"));
}

Response another_page() {
  return response_of(
      typed_problem(403, "not-from-here", "Not from a page of this server",
                    "a change with the login of a browser must come from a page of this server"));
}

bool changes(const Request& request) {
  const auto method = request.method;
  return method != Method::get && method != Method::head && method != Method::options;
}

double seconds_of(std::chrono::system_clock::time_point time) {
  return std::chrono::duration<double>(time.time_since_epoch()).count();
}

}  // namespace

Gate::Gate(std::shared_ptr<const Rules> rules, std::uint64_t useful, WallClock clock)
    : rules_(std::move(rules)), useful_(useful), clock_(std::move(clock)) {}

Result<std::shared_ptr<const Caller>> Gate::identify(std::string_view credential) const {
  thread_local CredentialCache cache(remembered_bytes);
  if (credential.size() > longest_credential)
    return invalid("the key or token is longer than any that is known");
  const auto now = seconds_of(clock_());
  if (auto caller = cache.find(credential, rules_->number(), now)) return caller;
  if (const auto owner = rules_->owner_of(digest_of(credential))) {
    auto caller = std::make_shared<const Caller>(*owner);  // of this thread, so that no two count its users
    cache.put(credential, rules_->number(), caller, std::numeric_limits<double>::infinity());
    return caller;
  }
  auto token = check_token(credential, *rules_, now);
  if (!token) return token.error();
  cache.put(credential, rules_->number(), token->caller, token->expires);
  return std::move(token->caller);
}

std::shared_ptr<const Caller> Gate::who_has(std::string_view credential) const {
  auto caller = identify(credential);
  return caller ? *caller : nullptr;
}

std::optional<Response> Gate::refuse(Exchange& exchange) const {
  const auto* endpoint = exchange.endpoint;
  if (endpoint != nullptr && endpoint->operation == Operation::open) return std::nullopt;
  exchange.restricted = true;
  exchange.roles = Rules::everybody;
  const auto credential = credential_of(exchange.request);
  using From = Credential::From;
  if (credential.from == From::unclear) return unclear();
  if (credential.from == From::scheme)
    return challenge(401, {}, "the scheme of Authorization is Bearer here");
  if (credential.from != From::nowhere) {
    auto caller = identify(credential.text);
    if (!caller && !is_well_formed(credential)) return unclear();
    if (!caller) return challenge(401, "invalid_token", caller.error().message);
    exchange.caller = *std::move(caller);
    exchange.roles = exchange.caller->roles;
  }
  const bool may = endpoint != nullptr ? endpoint->allows(exchange.roles) : (useful_ & exchange.roles) != 0;
  if (!may && exchange.caller != nullptr) return not_allowed();
  if (!may) return challenge(401, {}, "this needs a key or a token");
  if (credential.from == From::cookie && changes(exchange.request) && !from_own_page(exchange.request))
    return another_page();
  return std::nullopt;
}

}  // namespace troupe::http
