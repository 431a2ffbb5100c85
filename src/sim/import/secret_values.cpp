#include "sim/import/secret_values.hpp"

#include <re2/re2.h>

#include <algorithm>
#include <array>

namespace troupe::sim {
namespace {

namespace json = boost::json;

constexpr std::size_t shortest = 6;
constexpr std::size_t shortest_inside = 12;
constexpr std::size_t most_inside = 2'000;

// A JWT (RFC 7519), credentials of a head (RFC 9110 section 11.4), keys of well-known services.
constexpr const char* token_forms =
    R"(eyJ[\w-]{8,}\.[\w-]{8,}|(?i:^(?:bearer|basic)\s+\S{6,})|\b(?:sk|pk|rk)_(?:live|test)_\w{8,}|\bgh[pousr]_\w{16,}|\bxox[abps]-[\w-]{8,}|\bAKIA[0-9A-Z]{12,})";
constexpr std::size_t shortest_code = 6;
constexpr std::array<std::string_view, 8> oauth_names{
    "client_id",     "redirect_uri",   "response_type", "grant_type",
    "code_verifier", "code_challenge", "session_state", "iss"};

}  // namespace

bool is_of_oauth(const NamedTexts& all, std::string_view name, std::string_view value) {
  const bool is_code = name == "code";
  if (!is_code && name != "state") return false;
  if (is_code && value.size() >= shortest_code) return true;
  return std::ranges::any_of(all, [&](const auto& other) {
    return other.first == (is_code ? "state" : "code") ||
           std::ranges::find(oauth_names, other.first) != oauth_names.end();
  });
}

void SecretValues::add(std::string_view value) {
  if (value.size() < shortest || !values_.emplace(value).second) return;
  if (value.size() >= shortest_inside && long_ones_.size() < most_inside) long_ones_.emplace_back(value);
}

void SecretValues::add_from(const json::value& value) {
  if (const auto* list = value.if_array()) {
    for (const auto& one : *list) add_from(one);
  } else if (const auto* object = value.if_object()) {
    for (const auto& one : *object) {
      if (one.value().is_string() && is_secret_name(one.key())) add(one.value().get_string());
      add_from(one.value());
    }
  }
}

bool SecretValues::has(std::string_view value) const {
  static const re2::RE2 forms(token_forms);
  if (value.size() < shortest) return false;
  if (values_.contains(std::string(value)) || re2::RE2::PartialMatch({value.data(), value.size()}, forms))
    return true;
  const auto holds = [&](const std::string& one) { return value.find(one) != std::string_view::npos; };
  return std::ranges::any_of(long_ones_, holds) || mask_secrets(value) != value;
}

}  // namespace troupe::sim
