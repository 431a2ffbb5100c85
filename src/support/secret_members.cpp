#include "support/secret_members.hpp"

#include <algorithm>
#include <cstddef>

#include "support/secret_text.hpp"

namespace troupe {
namespace {

constexpr std::size_t longest_member_name = 200;
constexpr auto nowhere = std::string_view::npos;

/// How many backslashes stand right before `at`: those of a quote tell how deep in other texts it stands.
std::size_t backslashes_before(std::string_view text, std::size_t at) {
  std::size_t count = 0;
  while (count < at && text[at - count - 1] == '\\') ++count;
  return count;
}

/// The quote that ends a text which began right before `begin`, at a quote with `escapes` backslashes.
std::size_t end_of_text(std::string_view text, std::size_t begin, std::size_t escapes,
                        std::size_t most = nowhere) {
  for (auto at = text.find('"', begin); at != nowhere && at - begin <= most; at = text.find('"', at + 1)) {
    if (backslashes_before(text, at) % (2 * (escapes + 1)) == escapes) return at;
  }
  return nowhere;
}

/// Where the value of a member begins whose name ends before `at`; nowhere: it is no member's name.
std::size_t value_behind(std::string_view text, std::size_t at) {
  at = text.find_first_not_of(" \t\r\n", at);
  return at == nowhere || text[at] != ':' ? nowhere : text.find_first_not_of(" \t\r\n", at + 1);
}

std::size_t end_of_nest(std::string_view text, std::size_t at) {
  for (std::size_t open = 0; at < text.size(); ++at) {
    const char c = text[at];
    if (c == '[' || c == '{') ++open;
    if ((c == ']' || c == '}') && --open == 0) return at + 1;
    if (c != '"') continue;
    at = end_of_text(text, at + 1, backslashes_before(text, at));
    if (at == nowhere) break;
  }
  return text.size();
}

/// Behind the value that begins at `at`; `at` itself: there is none.
std::size_t end_of_value(std::string_view text, std::size_t at, std::size_t escapes) {
  if (text[at] == '[' || text[at] == '{') return end_of_nest(text, at);
  const auto quote = text.find_first_not_of('\\', at);
  if (quote == nowhere) return text.size();
  if (text[quote] == '"' && quote - at == escapes) {
    const auto end = end_of_text(text, quote + 1, escapes);
    return end == nowhere ? text.size() : end + 1;
  }
  return std::min(text.find_first_of(" \t\r\n,}][{\"\\", at), text.size());
}

}  // namespace

std::string mask_members(std::string_view text) {
  std::string out;
  std::size_t copied = 0;
  for (auto at = text.find('"'); at != nowhere;) {
    const auto escapes = backslashes_before(text, at);
    const auto name = at + 1;
    at = text.find('"', name);
    const auto name_end = end_of_text(text, name, escapes, longest_member_name);
    const auto value = name_end == nowhere ? nowhere : value_behind(text, name_end + 1);
    if (value == nowhere) continue;
    at = text.find('"', name_end + 1);
    const auto end = end_of_value(text, value, escapes);
    if (end == value || !is_secret_name(text.substr(name, name_end - escapes - name))) continue;
    const std::string quote = std::string(escapes, '\\') + '"';
    out.append(text, copied, value - copied).append(quote).append("***").append(quote);
    copied = end;
    at = text.find('"', end);
  }
  return out.append(text, copied);
}

}  // namespace troupe
