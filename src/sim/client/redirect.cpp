#include "sim/client/redirect.hpp"

#include <spdlog/fmt/fmt.h>

#include <boost/beast/core/string.hpp>
#include <boost/url/parse.hpp>
#include <boost/url/url.hpp>

namespace troupe::sim {
namespace {

std::string_view port_of(const boost::urls::url_view_base& url) {
  if (url.has_port() && !url.port().empty()) return url.port();
  return url.scheme_id() == boost::urls::scheme::https ? "443" : "80";
}

}  // namespace

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

Result<std::string> resolve_redirect(std::string_view base, std::string_view location) {
  const auto from = boost::urls::parse_uri(base);
  const auto reference = boost::urls::parse_uri_reference(location);
  boost::urls::url to;
  if (!from || !reference || !boost::urls::resolve(*from, *reference, to))
    return Error{ErrorCode::unavailable, fmt::format("redirected to '{}', which is no URL", location)};
  const std::string host(to.host_address());
  if (to.scheme_id() != from->scheme_id() || port_of(to) != port_of(*from) ||
      !boost::beast::iequals(host, std::string(from->host_address())))
    return Error{ErrorCode::unavailable,
                 fmt::format("redirected to {}, which is another server: aim --target at it", location)};
  const std::string_view target = to.encoded_target();
  std::string out;
  if (!target.starts_with('/')) out = '/';
  return out.append(target);
}

}  // namespace troupe::sim
