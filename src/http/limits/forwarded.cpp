#include "http/limits/forwarded.hpp"

#include <algorithm>
#include <boost/beast/core/string.hpp>
#include <string>

#include "support/characters.hpp"
#include "support/ip_network.hpp"

namespace troupe::http {

namespace {

using boost::asio::ip::address;
using boost::beast::iequals;

bool is_port(std::string_view text) {
  return !text.empty() && text.size() <= 5 && all_in(text, digit_char);
}

/// node-port of RFC 7239 section 6: a port, or a name behind an underscore.
bool is_node_port(std::string_view text) {
  if (is_port(text)) return true;
  return text.size() > 1 && text.front() == '_' && std::ranges::all_of(text, [](unsigned char c) {
           return std::isalnum(c) != 0 || c == '.' || c == '_' || c == '-';
         });
}

/// An address with or without a port that `is_wanted_port` takes; an IPv6 address with brackets around it.
std::optional<address> read_node(std::string_view node, bool (*is_wanted_port)(std::string_view)) {
  const bool brackets = node.starts_with('[');
  const auto end = brackets ? node.find(']') : node.find(':');
  if (brackets && end == node.npos) return std::nullopt;
  const auto rest = end == node.npos ? std::string_view() : node.substr(brackets ? end + 1 : end);
  if (!rest.empty() && (rest.front() != ':' || !is_wanted_port(rest.substr(1)))) return std::nullopt;
  const auto read = parse_address(brackets ? node.substr(1, end - 1) : node.substr(0, end));
  if (!read || read->is_v6() != brackets) return std::nullopt;
  return plain_address(*read);
}

/// Reads RFC 7239's Forwarded = 1#forwarded-element from left to right.
class ForwardedReader {
 public:
  explicit ForwardedReader(std::string_view list) : rest_(list) {}

  std::optional<Hops> read() {
    Hops hops;
    for (;;) {
      skip_blanks();
      // RFC 9110 section 5.6.1.2: empty elements of a list are to be skipped.
      if (!rest_.empty() && rest_.front() != ',') {
        if (hops.size() == most_hops || !read_element(hops)) return std::nullopt;
        skip_blanks();
      }
      if (rest_.empty()) return hops.empty() ? std::nullopt : std::optional(std::move(hops));
      if (!take(',')) return std::nullopt;
    }
  }

 private:
  // forwarded-element = [ forwarded-pair ] *( ";" [ forwarded-pair ] )
  bool read_element(Hops& hops) {
    std::optional<address> client;
    std::vector<std::string> names;
    do {
      if (rest_.empty() || rest_.front() == ';' || rest_.front() == ',' || rest_.front() == ' ') continue;
      std::string value;
      const auto name = read_token();
      if (name.empty() || !take('=') || !read_value(value)) return false;
      const auto is_same = [&](const std::string& other) { return iequals(other, name); };
      if (std::ranges::any_of(names, is_same)) return false;  // section 4
      names.emplace_back(name);
      if (!iequals(name, "for")) continue;
      client = read_node(value, is_node_port);
      if (!client && !is_nobody(value)) return false;
    } while (take(';'));
    hops.push_back(client);
    return true;
  }

  /// node-name = "unknown" / obfnode, with a port or not.
  static bool is_nobody(std::string_view node) {
    const auto colon = node.find(':');
    if (colon != node.npos && !is_node_port(node.substr(colon + 1))) return false;
    const auto name = node.substr(0, colon);
    return iequals(name, "unknown") || (name.starts_with('_') && is_node_port(name));
  }

  std::string_view read_token() {
    std::size_t size = 0;
    while (size < rest_.size() && is_token(rest_.substr(size, 1))) ++size;
    const auto token = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return token;
  }

  // value = token / quoted-string
  bool read_value(std::string& value) {
    if (!take('"')) {
      value = read_token();
      return !value.empty();
    }
    while (!rest_.empty()) {
      const char c = rest_.front();
      rest_.remove_prefix(1);
      if (c == '"') return true;
      if (c == '\\' && rest_.empty()) return false;
      value += c == '\\' ? rest_.front() : c;
      if (c == '\\') rest_.remove_prefix(1);
    }
    return false;
  }

  bool take(char c) {
    if (rest_.empty() || rest_.front() != c) return false;
    rest_.remove_prefix(1);
    return true;
  }
  void skip_blanks() {
    while (!rest_.empty() && (rest_.front() == ' ' || rest_.front() == '\t')) rest_.remove_prefix(1);
  }

  std::string_view rest_;
};

}  // namespace

std::optional<Hops> parse_forwarded(std::string_view list) {
  return ForwardedReader(list).read();
}

Hops parse_x_forwarded_for(std::string_view list) {
  Hops hops;
  while (!list.empty() && hops.size() < most_hops) {
    const auto comma = list.rfind(',');
    const auto element = trim_whitespace(comma == list.npos ? list : list.substr(comma + 1));
    list = list.substr(0, comma == list.npos ? 0 : comma);
    if (element.empty()) continue;
    const auto bare = parse_address(element);
    hops.push_back(bare ? plain_address(*bare) : read_node(element, is_port));
  }
  std::ranges::reverse(hops);
  return hops;
}

}  // namespace troupe::http
