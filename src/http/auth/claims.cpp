#include "http/auth/claims.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <span>
#include <utility>

#include "schema/json_events.hpp"

namespace troupe::http {
namespace {

/// Nobody's claims are deeper; Boost.JSON's own limit is 32.
constexpr std::size_t most_depth = 16;

/// Where a member of the object is to go: one of these is not null.
struct Member {
  std::string_view name;
  std::optional<double>* number = nullptr;
  std::optional<std::string>* text = nullptr;
  std::optional<std::vector<std::string>>* texts = nullptr;  ///< an array of them, or one
  bool split = false;                                        ///< one is several, with blanks between
  bool refused = false;                                      ///< must not be there
  bool seen = false;
};

void append_words(std::string_view text, std::vector<std::string>& words) {
  while (!text.empty()) {
    const auto end = std::min(text.find(' '), text.size());
    if (end > 0) words.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
}

/// A sink of JSON's events that fills in members of the outermost object.
class MemberSink {
 public:
  explicit MemberSink(std::span<Member> members) : members_(members) {}

  bool begin(bool object) {
    if (depth_ == 0 && !object) return false;
    ++depth_;
    if (depth_ == 1 || current_ == nullptr) return true;
    if (depth_ > 2 || object || current_->texts == nullptr) return false;
    current_->texts->emplace();
    return true;
  }
  bool end(bool, std::size_t) {
    --depth_;
    return true;
  }
  bool key(std::string_view name) {
    if (depth_ > 1) return true;  // of a member that is passed over
    const auto found = std::ranges::find(members_, name, &Member::name);
    current_ = found == members_.end() ? nullptr : &*found;
    if (current_ == nullptr) return true;
    return !current_->refused && !std::exchange(current_->seen, true);
  }
  bool text(std::string_view text) {
    if (depth_ == 0) return false;
    if (current_ == nullptr) return true;
    if (current_->text != nullptr) current_->text->emplace(text);
    if (current_->texts == nullptr) return current_->text != nullptr;
    if (depth_ == 1) current_->texts->emplace();
    if (depth_ == 1 && current_->split)
      append_words(text, **current_->texts);
    else
      (*current_->texts)->emplace_back(text);
    return true;
  }
  bool number(std::string_view digits) {
    if (depth_ == 0) return false;
    if (current_ == nullptr) return true;
    if (current_->number == nullptr) return false;
    double value = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (error != std::errc() || end != digits.data() + digits.size()) return false;
    *current_->number = value;
    return true;
  }
  bool flag(bool) { return depth_ > 0 && current_ == nullptr; }
  bool null() { return depth_ > 0 && current_ == nullptr; }

 private:
  std::span<Member> members_;
  Member* current_ = nullptr;  ///< that a value at hand belongs to; null: one that is passed over
  std::size_t depth_ = 0;
};

bool read_members(std::string_view json, std::span<Member> members) {
  MemberSink sink(members);
  return !schema::read_json_events(json, most_depth, sink);
}

}  // namespace

bool is_registered_claim(std::string_view name) {
  constexpr std::array<std::string_view, 7> names{"iss", "sub", "aud", "exp", "nbf", "iat", "jti"};
  return std::ranges::find(names, name) != names.end();
}

Result<TokenHeader> read_token_header(std::string_view json) {
  std::optional<std::string> algorithm;
  TokenHeader header;
  // What "crit" names would have to be understood (RFC 7515 section 4.1.11), and here none of it is.
  std::array members{Member{.name = "alg", .text = &algorithm}, Member{.name = "kid", .text = &header.key_id},
                     Member{.name = "crit", .refused = true}};
  if (!read_members(json, members) || !algorithm) return invalid("the token's header is malformed");
  header.algorithm = *std::move(algorithm);
  return header;
}

Result<Claims> read_claims(std::string_view json, std::string_view roles_claim) {
  Claims claims;
  std::optional<std::vector<std::string>> roles;
  std::array members{Member{.name = "exp", .number = &claims.expires},
                     Member{.name = "nbf", .number = &claims.not_before},
                     Member{.name = "iat", .number = &claims.issued_at},
                     Member{.name = "iss", .text = &claims.issuer},
                     Member{.name = "sub", .text = &claims.subject},
                     Member{.name = "aud", .texts = &claims.audience},
                     Member{.name = roles_claim, .texts = &roles, .split = true}};
  if (!read_members(json, members)) return invalid("the token's claims are malformed");
  if (roles) claims.roles = *std::move(roles);
  return claims;
}

}  // namespace troupe::http
