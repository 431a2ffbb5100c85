#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

// What texts of HTTP and others are made of, whatever the locale says.

namespace troupe {

/// The character classes of RFC 9110 and RFC 3986, one bit each, so that a check is one table look-up per
/// byte.
enum CharacterClass : std::uint8_t {
  token_char = 1,     ///< tchar, RFC 9110 section 5.6.2
  path_char = 2,      ///< pchar or "/", RFC 3986 section 3.3, without the percent sign
  query_char = 4,     ///< path_char or "?", RFC 3986 section 3.4, without the percent sign
  reg_name_char = 8,  ///< unreserved or sub-delims, RFC 3986 section 3.2.2, without the percent sign
  field_char = 16,    ///< field-vchar, SP or HTAB, RFC 9110 section 5.5
  digit_char = 32,
  hex_char = 64,
  unreserved_char = 128,  ///< RFC 3986 section 2.3
};

namespace detail {

constexpr void add_class(std::array<std::uint8_t, 256>& table, std::string_view characters, int classes) {
  for (const char c : characters) table[static_cast<unsigned char>(c)] |= static_cast<std::uint8_t>(classes);
}

constexpr std::array<std::uint8_t, 256> make_character_classes() {
  constexpr int uri = path_char | query_char | reg_name_char;
  std::array<std::uint8_t, 256> table{};
  constexpr int unreserved = token_char | uri | unreserved_char;
  add_class(table, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789", unreserved);
  add_class(table, "-._~", unreserved);
  add_class(table, "!$&'()*+,;=", uri);         // sub-delims
  add_class(table, "!#$%&'*+^`|", token_char);  // the rest of `tchar`
  add_class(table, ":@/", path_char | query_char);
  add_class(table, "?", query_char);
  add_class(table, "0123456789", digit_char | hex_char);
  add_class(table, "abcdefABCDEF", hex_char);
  table['\t'] |= field_char;
  for (int c = 0x20; c < 0x100; ++c) {
    if (c != 0x7f) table[static_cast<std::size_t>(c)] |= field_char;
  }
  return table;
}

inline constexpr std::array<std::uint8_t, 256> character_classes = make_character_classes();

}  // namespace detail

/// `c` is in one of `classes`.
constexpr bool is_in(char c, int classes) {
  return (detail::character_classes[static_cast<unsigned char>(c)] & classes) != 0;
}

/// Every byte of `text` is in one of `classes` (true for empty text).
constexpr bool all_in(std::string_view text, int classes) {
  for (const char c : text) {
    if (!is_in(c, classes)) return false;
  }
  return true;
}

/// `text` is a token (RFC 9110 section 5.6.2).
constexpr bool is_token(std::string_view text) {
  return !text.empty() && all_in(text, token_char);
}

/// `text` consists of characters of `classes` and whole percent-encoded octets (RFC 3986 section 2.1).
constexpr bool is_uri_text(std::string_view text, int classes) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (is_in(text[i], classes)) continue;
    const bool encoded =
        text[i] == '%' && i + 2 < text.size() && is_in(text[i + 1], hex_char) && is_in(text[i + 2], hex_char);
    if (!encoded) return false;
    i += 2;
  }
  return true;
}

/// `c` is one of 0 to 9.
constexpr bool is_digit(char c) {
  return '0' <= c && c <= '9';
}

/// What a hexadecimal digit stands for.
constexpr std::optional<unsigned> hex_value(char c) {
  if (is_digit(c)) return static_cast<unsigned>(c - '0');
  if ('a' <= c && c <= 'f') return static_cast<unsigned>(c - 'a' + 10);
  if ('A' <= c && c <= 'F') return static_cast<unsigned>(c - 'A' + 10);
  return std::nullopt;
}

/// `text` without the spaces and tabs around it (OWS, RFC 9110 section 5.6.3).
constexpr std::string_view trim_whitespace(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

}  // namespace troupe
