#include "support/secret_text.hpp"

#include <re2/re2.h>
#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <boost/url/encode.hpp>
#include <boost/url/rfc/unreserved_chars.hpp>
#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "support/json_string.hpp"
#include "support/secret_members.hpp"

namespace troupe {
namespace {

using re2::RE2;

constexpr std::size_t shortest_value = 6;

/// In whatever name one of them stands, its value is nobody's business.
const std::string words =
    "password|passwd|passphrase|passcode|pwd|token|secret|key|session|sessid|csrf|xsrf|jwt|credential|"
    "signature|assertion|saml|card.?number";
/// These are found inside of other words, too, and tell something as a word of their own only.
const std::string short_words = "auth|sess|sid|otp|pin|pass|sig|cvv|cvc|ssn|iban";

re2::StringPiece piece(std::string_view text) {
  return {text.data(), text.size()};
}

/// Of Latin letters only, and made once.
const RE2& names() {
  static const RE2 pattern("(?is)(?:[\\w-]*-)?authorization|(?:set-)?cookies?|.*(?:" + words +
                               ").*|(?:.*(?:[-_.\\[]|%5b))?(?:" + short_words +
                               ")(?:(?:[-_.\\]]|%5d).*)?|(?-i:.*[a-z0-9](?:Pass|Pin|Otp|Sid|Auth))",
                           RE2::Latin1);
  return pattern;
}

/// What stands for a value: with its quotes, if it has some.
std::string mask_for(std::string_view value) {
  const char first = value.empty() ? ' ' : value[0];
  return first == '"' || first == '\'' ? fmt::format("{0}***{0}", first) : "***";
}

/// How names stand in front of values: the pattern's group is the name, and the value is what `value` matches
/// right behind it. In two steps, as the end of a value that may be shown is nobody's business: so a text is
/// gone through once.
struct PairForm {
  RE2 pattern, value;
  PairForm(const char* before_value, const char* itself)
      : pattern(before_value, RE2::Latin1), value(itself, RE2::Latin1) {}
};

std::string mask_pairs(std::string_view text, const PairForm& form) {
  std::string out;
  std::size_t copied = 0;
  re2::StringPiece groups[2], value;
  const auto end_of = [&](re2::StringPiece part) {
    return static_cast<std::size_t>(part.data() + part.size() - text.data());
  };
  for (std::size_t at = 0; form.pattern.Match(piece(text), at, text.size(), RE2::UNANCHORED, groups, 2);) {
    at = end_of(groups[1]);
    if (!is_secret_name({groups[1].data(), groups[1].size()})) continue;
    const auto begin = end_of(groups[0]);
    if (!form.value.Match(piece(text), begin, text.size(), RE2::ANCHOR_START, &value, 1)) continue;
    out.append(text, copied, begin - copied).append(mask_for({value.data(), value.size()}));
    at = copied = end_of(value);
  }
  return out.append(text, copied);
}

/// Fields of HTML's forms and its meta elements: what one is called says whether its value is a secret.
std::string mask_inputs(std::string_view text) {
  static const RE2 elements(
      R"((?i)<(?:input|meta|button|param)\b((?:[^>"']|"[^"]*(?:"|\z)|'[^']*(?:'|\z))*))", RE2::Latin1);
  static const RE2 titles(R"((?i)\s(?:name|id|property|type|autocomplete)\s*=\s*\\?["']?([^\s"'>\\]+))",
                          RE2::Latin1);
  static const RE2 values(R"((?i)(\s(?:value|content)\s*=\s*)(?:\\?"[^"]*"?|\\?'[^']*'?|[^\s>"']+))",
                          RE2::Latin1);
  std::string out;
  std::size_t copied = 0;
  re2::StringPiece groups[2];
  for (std::size_t at = 0; elements.Match(piece(text), at, text.size(), RE2::UNANCHORED, groups, 2);) {
    at = static_cast<std::size_t>(groups[1].data() + groups[1].size() - text.data());
    bool is_secret = false;
    std::string name;
    for (auto rest = groups[1]; !is_secret && RE2::FindAndConsume(&rest, titles, &name);)
      is_secret = is_secret_name(name);
    if (!is_secret) continue;
    std::string attributes(groups[1].data(), groups[1].size());
    RE2::GlobalReplace(&attributes, values, R"(\1"***")");
    out.append(text, copied, at - groups[1].size() - copied).append(attributes);
    copied = at;
  }
  return out.append(text, copied);
}

/// What is a secret by its form: credentials of a scheme, a JWT (RFC 7519), the password of a URL, and the
/// code and the state of an OAuth login, which come together (RFC 6749 section 4.1.2).
void mask_forms(std::string& text) {
  static const RE2 credentials(R"((?i)\b((?:bearer|basic|digest)[ \t]+)[\w.~+/-]{16,}=*)", RE2::Latin1);
  static const RE2 jwt(R"(\beyJ[\w-]{8,}\.[\w-]{8,}(?:\.[\w-]*)?)", RE2::Latin1);
  static const RE2 in_url(R"((://[^/\s:@"']*:)[^/\s@"']+@)", RE2::Latin1);
  static const RE2 code_first(R"(([?&]code=)[^&\s"]*(&(?:[^\s"]*&)?state=)[^&\s"]*)", RE2::Latin1);
  static const RE2 state_first(R"(([?&]state=)[^&\s"]*(&(?:[^\s"]*&)?code=)[^&\s"]*)", RE2::Latin1);
  RE2::GlobalReplace(&text, credentials, R"(\1***)");
  RE2::GlobalReplace(&text, jwt, "***");
  RE2::GlobalReplace(&text, in_url, R"(\1***@)");
  RE2::GlobalReplace(&text, code_first, R"(\1***\2***)");
  RE2::GlobalReplace(&text, state_first, R"(\1***\2***)");
}

/// As a template renders it into a path, and into JSON.
std::vector<std::string> written_forms(const std::string& value) {
  std::string json;
  append_json_string(value, json);
  return {value, boost::urls::encode(value, boost::urls::unreserved_chars), json.substr(1, json.size() - 2)};
}

}  // namespace

bool is_secret_name(std::string_view name) {
  return RE2::FullMatch(piece(name), names());
}

std::string mask_field(std::string_view name, std::string_view value) {
  static const RE2 credentials(R"((?is)\s*(bearer|basic|digest|negotiate) .*)", RE2::Latin1);
  if (is_secret_name(name) || RE2::FullMatch(piece(value), credentials)) return fmt::format("{}: ***", name);
  return fmt::format("{}: {}", name, mask_secrets(value));
}

std::string mask_secrets(std::string_view text) {
  // name="value", as attributes and logs have it; the quotes may be those of JSON inside of a text.
  static const PairForm quoted(R"((?:^|[\s<;,(?&])([\w.:-]+)[ \t]*=[ \t]*)", R"(\\?"[^"]*"?|\\?'[^']*'?)");
  // name=value in queries, forms, paths (;jsessionid=…) and lists of cookies.
  static const PairForm plain(R"re((?:^|[/?&;,\s"'(])([^=&?;,:/\s"'(){}<>]+)=)re", R"([^&\s"]+)");
  static const PairForm elements(R"(<([\w.:-]+)(?:\s[^<>]*)?>)", R"(\s*[^<\s][^<]*)");
  static const PairForm lines(R"((?m)^[ \t>*-]*([\w.-]+)[ \t]*:[ \t]*)", R"(\S[^\r\n]*)");
  // Inside of a line and of JSON only what can be nothing but a field's name.
  static const PairForm fields(
      R"re((?i)(?:^|\\[rnt]|[\s"'>,;({])(authorization|cookie|[a-z0-9]+(?:-[a-z0-9]+)+)[ \t]*:[ \t]*)re",
      R"re((?:[^\r\n"<\\]|\\[^rn])+)re");
  auto out = mask_inputs(mask_members(text));
  for (const auto* form : {&quoted, &plain, &elements, &lines, &fields}) out = mask_pairs(out, *form);
  mask_forms(out);
  return out;
}

std::string mask_values(std::string_view text, std::span<const std::string> values) {
  if (text.size() < shortest_value) return std::string(text);  // a status, as most failures are told
  std::vector<std::string> wanted;
  for (const auto& value : values) {
    if (value.size() < shortest_value) continue;
    for (auto& form : written_forms(value)) wanted.push_back(std::move(form));
  }
  // One may be a part of another.
  std::ranges::sort(wanted, std::greater{}, [](const std::string& form) { return form.size(); });
  std::string out(text);
  for (const auto& value : wanted) {
    for (auto at = out.find(value); at != std::string::npos; at = out.find(value, at + 3))
      out.replace(at, value.size(), "***");
  }
  return out;
}

std::string mask_settings(std::string_view text) {
  static const PairForm pairs(R"re([?&"']([^=&?\s"'{}]+)=)re", R"re([^&\s"']+)re");
  // A line of a body; TOML's own have quotes, braces or brackets.
  static const PairForm first_pair(R"re((?m)^([^=&?\s"'{}]+)=)re", R"re([^&\s"'{\[][^&\s"']*)re");
  // No tokens: an extraction is called so, and says where one is found.
  static const RE2 setting(
      R"re((?i)([\w.-]*(?:password|passwd|secret|bearer)[\w.-]*["']?\s*=\s*)(?:"(?:[^"\\{]|\\.)(?:[^"\\]|\\.)*"|'[^'{][^']*'))re");
  auto out = mask_pairs(mask_pairs(mask_members(text), pairs), first_pair);
  RE2::GlobalReplace(&out, setting, R"(\1"***")");
  return out;
}

}  // namespace troupe
