#include "sim/client/head_reader.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "support/characters.hpp"
#include "support/iequals.hpp"

namespace troupe::sim {
namespace {

/// Calls `take` with each member of a list that is not empty (RFC 9110 section 5.6.1).
template <class Take>
void for_each_member(std::string_view list, Take take) {
  while (!list.empty()) {
    const auto comma = std::min(list.find(','), list.size());
    if (const auto member = trim_whitespace(list.substr(0, comma)); !member.empty()) take(member);
    list.remove_prefix(std::min(comma + 1, list.size()));
  }
}

/// RFC 9110 section 8.6: a list of equal numbers is one number.
void read_length(std::string_view value, ResponseHead& head) {
  constexpr std::string_view no_number = "Content-Length is no number";
  if (value.empty()) head.framing_fault = no_number;
  for_each_member(value, [&](std::string_view member) {
    std::uint64_t length = 0;
    const auto [end, error] = std::from_chars(member.data(), member.data() + member.size(), length);
    if (error != std::errc() || end != member.data() + member.size() || !is_digit(member.front())) {
      head.framing_fault = no_number;
    } else if (head.length && *head.length != length) {
      head.framing_fault = "two different values of Content-Length";
    } else {
      head.length = length;
    }
  });
}

/// RFC 9112 section 6.1. What other codings do to the body is not undone: none was asked for.
void read_transfer_coding(std::string_view value, ResponseHead& head) {
  for_each_member(value, [&](std::string_view member) {
    const auto coding = trim_whitespace(member.substr(0, member.find(';')));
    if (iequals(coding, "identity")) return;
    if (head.chunked) head.framing_fault = "a transfer coding behind chunked";
    head.chunked = iequals(coding, "chunked");
    head.until_close = !head.chunked;
  });
}

struct Persistence {
  bool close = false, keep_alive = false;
};

void read_connection(std::string_view value, Persistence& said) {
  for_each_member(value, [&](std::string_view member) {
    said.close = said.close || iequals(member, "close");
    said.keep_alive = said.keep_alive || iequals(member, "keep-alive");
  });
}

/// Most fields are none of ours: their names' lengths tell.
void take_note(std::string_view name, std::string_view value, ResponseHead& head, Persistence& said) {
  switch (name.size()) {
    case 8:
      if (iequals(name, "Location") && head.location.empty()) head.location = value;
      break;
    case 10:
      if (iequals(name, "Connection")) {
        read_connection(value, said);
      } else if (iequals(name, "Set-Cookie")) {
        head.cookies.emplace_back(value);
      }
      break;
    case 14:
      if (iequals(name, "Content-Length")) read_length(value, head);
      break;
    case 16:
      if (iequals(name, "Content-Encoding")) head.gzip = iequals(value, "gzip") || iequals(value, "x-gzip");
      break;
    case 17:
      if (iequals(name, "Transfer-Encoding")) read_transfer_coding(value, head);
      break;
    default:
      break;
  }
}

/// `HTTP/1.1 200 OK`; the reason, and the space before it, may be missing.
bool read_status_line(std::string_view line, ResponseHead& head, bool& is_1_0) {
  constexpr std::string_view begin = "HTTP/1.";
  if (line.size() < 12 || !line.starts_with(begin) || !is_digit(line[7]) || line[8] != ' ') return false;
  if (!is_digit(line[9]) || !is_digit(line[10]) || !is_digit(line[11])) return false;
  if (line.size() > 12 && line[12] != ' ') return false;
  is_1_0 = line[7] == '0';
  head.status = (line[9] - '0') * 100 + (line[10] - '0') * 10 + (line[11] - '0');
  return head.status >= 100;
}

constexpr std::string_view not_http = "the answer does not begin with HTTP/1.x and a status";

bool has_bad_characters(std::string_view text) {
  if (text.find('\0') != std::string_view::npos) return true;
  for (auto at = text.find('\r'); at != std::string_view::npos; at = text.find('\r', at + 1)) {
    if (at + 1 == text.size() || text[at + 1] != '\n') return true;
  }
  return false;
}

}  // namespace

std::optional<std::size_t> end_of_head(std::string_view text, std::size_t from) {
  for (auto at = text.find('\n', from); at != std::string_view::npos; at = text.find('\n', at + 1)) {
    const auto rest = text.substr(at + 1, 2);
    if (rest.starts_with('\n')) return at + 2;
    if (rest == "\r\n") return at + 3;
  }
  return std::nullopt;
}

std::string_view take_line(std::string_view& text) {
  const auto end = std::min(text.find('\n'), text.size());
  auto line = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

bool take_field(std::string_view& lines, std::string_view& name, std::string_view& value) {
  const auto line = take_line(lines);
  if (line.empty()) return false;
  const auto colon = line.find(':');
  // Nothing may stand between a name and its colon (RFC 9112 section 5.1).
  const bool is_field = colon != std::string_view::npos && is_token(line.substr(0, colon));
  name = is_field ? line.substr(0, colon) : std::string_view();
  value = is_field ? trim_whitespace(line.substr(colon + 1)) : std::string_view();
  return true;
}

bool has_folding(std::string_view text) {
  return text.find("\n ") != std::string_view::npos || text.find("\n\t") != std::string_view::npos;
}

bool unfold(std::string& text) {
  if (!has_folding(text)) return false;
  const auto first_line = text.find('\n');
  for (auto at = text.find('\n', first_line + 1); at != std::string::npos; at = text.find('\n', at + 1)) {
    if (at + 1 == text.size() || (text[at + 1] != ' ' && text[at + 1] != '\t')) continue;
    text[at] = ' ';
    if (text[at - 1] == '\r') text[at - 1] = ' ';
  }
  return true;
}

std::string_view read_head(std::string_view text, ResponseHead& head) {
  head = {};
  if (has_bad_characters(text)) return "a stray CR or a NUL in the head";
  bool is_1_0 = false;
  if (!read_status_line(take_line(text), head, is_1_0)) return not_http;
  Persistence said;
  for (std::string_view name, value; take_field(text, name, value);) {
    if (name.empty()) return "a line in the head that is no field";
    take_note(name, value, head, said);
  }
  const bool coded = head.chunked || head.until_close;
  // RFC 9112 section 6.1: what was meant cannot be known.
  if (coded && is_1_0) head.framing_fault = "Transfer-Encoding in an answer of HTTP/1.0";
  if (coded && head.length) head.framing_fault = "both Transfer-Encoding and Content-Length";
  head.keep_alive = !said.close && (!is_1_0 || said.keep_alive);
  return {};
}

}  // namespace troupe::sim
