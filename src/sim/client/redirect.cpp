#include "sim/client/redirect.hpp"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <boost/url/parse.hpp>
#include <boost/url/url.hpp>
#include <cstdint>
#include <string>

#include "support/characters.hpp"
#include "support/fit_url.hpp"
#include "support/iequals.hpp"
#include "support/parse.hpp"

namespace troupe::sim {
namespace {

/// A URL as servers write it: with blanks and letters of all languages, which are percent-encoded as browsers
/// do it. With control characters it stays what it is, and is refused: none may get into a request.
std::string repaired(std::string_view location) {
  location = trim_whitespace(location);
  const bool has_controls = !all_in(location, field_char) || location.find('\t') != location.npos;
  if (has_controls || boost::urls::parse_uri_reference(location)) return std::string(location);
  auto url = as_url(location);
  if (boost::urls::parse_uri_reference(url)) return url;
  // Brackets may stand around an address only, which is behind the first slashes.
  auto path = std::min(url.find_first_of("/?#"), url.size());
  const bool has_authority = url.compare(path, 2, "//") == 0;
  path = has_authority ? url.find_first_of("/?#", path + 2) : 0;
  for (path = url.find_first_of("[]", path); path != url.npos; path = url.find_first_of("[]", path))
    url.replace(path, 1, url[path] == '[' ? "%5B" : "%5D");
  return url;
}

}  // namespace

using boost::urls::scheme;

std::uint16_t port_in(const boost::urls::url_view_base& url) {
  if (!url.has_port() || url.port().empty()) return url.scheme_id() == scheme::https ? 443 : 80;
  // Boost.URL's port_number() does not tell 99999 from a port.
  const auto port = parse_count(std::string(url.port()));
  return port && *port <= UINT16_MAX ? static_cast<std::uint16_t>(*port) : std::uint16_t{0};
}

bool is_redirect(int status) {
  switch (status) {
    case 301:
    case 302:
    case 303:
    case 307:
    case 308:
      return true;
    default:
      return false;
  }
}

Result<Redirect> resolve_redirect(std::string_view base, std::string_view location) {
  const auto base_text = repaired(base), text = repaired(location);
  const auto from = boost::urls::parse_uri(base_text);
  const auto reference = boost::urls::parse_uri_reference(text);
  boost::urls::url to;
  if (!from || !reference || !boost::urls::resolve(*from, *reference, to))
    return Error{ErrorCode::unavailable, fmt::format("redirected to '{}', which is no URL", location)};
  const bool secure = to.scheme_id() == scheme::https;
  ServerName name{secure, std::string(to.host_address()), port_in(to),
                  std::string(to.encoded_host_and_port())};
  if ((!secure && to.scheme_id() != scheme::http) || name.host.empty() || name.port == 0)
    return Error{ErrorCode::unavailable, fmt::format("redirected to {}, which is no http URL", location)};
  if (from->scheme_id() == scheme::https && !secure)
    return Error{
        ErrorCode::unavailable,
        fmt::format("redirected from https to {}: tokens are not sent where all can read", location)};
  const std::string_view target = to.encoded_target();
  Redirect out;
  if (!target.starts_with('/')) out.target = '/';
  out.target.append(target);
  const bool same = to.scheme_id() == from->scheme_id() && name.port == port_in(*from) &&
                    iequals(name.host, std::string(from->host_address()));
  if (!same) out.elsewhere = std::move(name);
  return out;
}

}  // namespace troupe::sim
