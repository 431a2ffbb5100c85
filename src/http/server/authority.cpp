#include "http/server/authority.hpp"

#include <boost/url/authority_view.hpp>
#include <charconv>
#include <cstddef>

#include "support/characters.hpp"

namespace troupe::http {

namespace {

bool is_port(std::string_view text) {
  if (text.empty()) return true;  // port = *DIGIT
  unsigned port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  return error == std::errc{} && end == text.data() + text.size() && port <= 65535 &&
         is_in(text[0], digit_char);
}

/// Where the host ends; an address in brackets has colons of its own.
std::size_t host_end(std::string_view text) {
  const std::size_t from = text.starts_with('[') ? text.find(']') : 0;
  const std::size_t colon = from == text.npos ? text.npos : text.find(':', from);
  return colon == text.npos ? text.size() : colon;
}

}  // namespace

bool is_host_and_port(std::string_view text) {
  const std::string_view host = text.substr(0, host_end(text));
  if (host.empty()) return false;
  if (host.size() < text.size() && !is_port(text.substr(host.size() + 1))) return false;
  // Names are nearly all there is: only a literal address is worth a full parser.
  if (host.front() != '[') return is_uri_text(host, reg_name_char);
  const auto parsed = boost::urls::parse_authority(host);
  return parsed.has_value() && !parsed->has_userinfo();
}

std::string_view host_of(std::string_view authority) {
  return authority.substr(0, host_end(authority));
}

std::string_view port_of(std::string_view authority) {
  const std::size_t end = host_end(authority);
  return end == authority.size() ? std::string_view() : authority.substr(end + 1);
}

std::string as_uri_host(const std::string& host) {
  return host.find(':') == std::string::npos ? host : '[' + host + ']';
}

}  // namespace troupe::http
