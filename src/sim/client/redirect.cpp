#include "sim/client/redirect.hpp"

#include <spdlog/fmt/fmt.h>

#include <boost/beast/core/string.hpp>
#include <boost/url/parse.hpp>
#include <boost/url/url.hpp>
#include <cstdint>

#include "support/parse.hpp"

namespace troupe::sim {

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
  const auto from = boost::urls::parse_uri(base);
  const auto reference = boost::urls::parse_uri_reference(location);
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
                    boost::beast::iequals(name.host, std::string(from->host_address()));
  if (!same) out.elsewhere = std::move(name);
  return out;
}

}  // namespace troupe::sim
