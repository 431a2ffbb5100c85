#include "http/server/request_line.hpp"

#include <algorithm>
#include <boost/beast/http/verb.hpp>
#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>

#include "http/server/authority.hpp"
#include "support/characters.hpp"

namespace troupe::http {

namespace {

using MaybeRejection = std::optional<Rejection>;

Method to_method(std::string_view token) {
  if (token == "GET") return Method::get;
  if (token == "POST") return Method::post;
  using boost::beast::http::verb;
  switch (boost::beast::http::string_to_verb(token)) {
    case verb::head:
      return Method::head;
    case verb::put:
      return Method::put;
    case verb::patch:
      return Method::patch;
    case verb::delete_:
      return Method::delete_;
    case verb::options:
      return Method::options;
    case verb::connect:  // no proxy
    case verb::unknown:
      return Method::other;
    default:
      return Method::known;
  }
}

/// HTTP-version = "HTTP/" DIGIT "." DIGIT, case-sensitive (RFC 9112 section 2.3). A minor version above 1 is
/// treated as the highest we know of that major version (RFC 9110 section 2.5).
MaybeRejection parse_version(std::string_view version, Request& request) {
  if (version == "HTTP/1.1") return std::nullopt;
  const bool well_formed = version.size() == 8 && version.starts_with("HTTP/") &&
                           is_in(version[5], digit_char) && version[6] == '.' &&
                           is_in(version[7], digit_char);
  if (!well_formed)
    return Rejection{400, "The request line does not end with one space and an HTTP version."};
  if (version[5] != '1') return Rejection{505, "Only HTTP/1.1 and HTTP/1.0 are spoken here."};
  request.http_1_0 = version[7] == '0';
  return std::nullopt;
}

unsigned hex_value(char digit) {
  if (is_in(digit, digit_char)) return static_cast<unsigned>(digit - '0');
  return static_cast<unsigned>((digit | 0x20) - 'a') + 10;  // either case
}

/// Sets the path, with the letters, digits and marks that need no percent-encoding written plainly: the two
/// name the same thing (RFC 3986 section 6.2.2.2). Everything else stays as it came, "%2F" too, which is no
/// slash between segments. Every percent sign begins a whole octet (is_uri_text).
void set_path(std::string_view path, Request& request) {
  const auto first = std::min(path.find('%'), path.size());  // none in nearly every path
  request.path.assign(path.substr(0, first));
  for (std::size_t i = first; i < path.size(); ++i) {
    if (path[i] != '%') {
      request.path += path[i];
      continue;
    }
    const char octet = static_cast<char>(hex_value(path[i + 1]) * 16 + hex_value(path[i + 2]));
    if (is_in(octet, unreserved_char)) {
      request.path += octet;
    } else {
      request.path += path.substr(i, 3);
    }
    i += 2;
  }
}

/// origin-form = absolute-path [ "?" query ] (RFC 9112 section 3.2.1).
MaybeRejection parse_origin_form(std::string_view target, Request& request) {
  const std::size_t mark = target.find('?');
  const std::string_view path = target.substr(0, mark);
  const std::string_view query = mark == target.npos ? std::string_view() : target.substr(mark + 1);
  if (!is_uri_text(path, path_char) || !is_uri_text(query, query_char)) {
    return Rejection{400,
                     "The request target holds a character or a percent-encoding that a URI cannot have."};
  }
  set_path(path, request);
  request.query.assign(query);
  return std::nullopt;
}

/// absolute-form = absolute-URI (RFC 9112 section 3.2.2). "https" is accepted on a plain connection because a
/// gateway that ends TLS in front of us passes it on (RFC 9110 section 7.4 allows that for trusted gateways).
MaybeRejection parse_absolute_form(std::string_view target, Request& request) {
  const auto uri = boost::urls::parse_absolute_uri(target);
  if (!uri) return Rejection{400, "The request target has none of the forms of RFC 9112 section 3.2."};
  if (uri->scheme_id() != boost::urls::scheme::http && uri->scheme_id() != boost::urls::scheme::https) {
    return Rejection{400, "The scheme of the request target is neither http nor https."};
  }
  if (uri->has_userinfo())
    return Rejection{400, "The request target holds user information (RFC 9110 section 4.2.4)."};
  const std::string_view authority(uri->encoded_authority());
  if (!is_host_and_port(authority)) return Rejection{400, "The request target names no valid host."};
  request.host.assign(authority);
  set_path(std::string_view(uri->encoded_path()), request);
  if (request.path.empty()) request.path = "/";
  request.query.assign(std::string_view(uri->encoded_query()));
  return std::nullopt;
}

MaybeRejection parse_target(std::string_view method, std::string_view target, Request& request) {
  if (method == "CONNECT") {
    if (is_host_and_port(target) && !port_of(target).empty()) {
      request.host.assign(target);
      return std::nullopt;
    }
    return Rejection{400, "The target of CONNECT is not a host and a port."};
  }
  if (target.starts_with('/')) return parse_origin_form(target, request);
  if (target == "*" && method == "OPTIONS") {
    request.path = "*";
    return std::nullopt;
  }
  return parse_absolute_form(target, request);
}

}  // namespace

bool target_exceeds(std::string_view prefix, std::size_t target_limit) {
  const std::size_t space = prefix.find(' ');
  if (space == prefix.npos) return false;
  const std::string_view rest = prefix.substr(space + 1);
  return rest.size() > target_limit && rest.substr(0, target_limit + 1).find(' ') == rest.npos;
}

MaybeRejection parse_request_line(std::string_view line, std::size_t target_limit, Request& request) {
  if (line.size() > target_limit && target_exceeds(line, target_limit)) {
    return Rejection{414, "The request target is too long."};
  }
  if (!line.ends_with("\r\n")) return Rejection{400, "A line ends without a carriage return."};
  line.remove_suffix(2);
  const std::size_t first = line.find(' ');
  const std::size_t second = first == line.npos ? first : line.find(' ', first + 1);
  if (second == line.npos) return Rejection{400, "The request line is not method, target and version."};
  const std::string_view method = line.substr(0, first);
  if (!is_token(method)) return Rejection{400, "The method is not a token."};
  request.method = to_method(method);
  if (auto rejection = parse_version(line.substr(second + 1), request)) return rejection;
  return parse_target(method, line.substr(first + 1, second - first - 1), request);
}

}  // namespace troupe::http
