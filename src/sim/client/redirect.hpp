#pragma once

#include <boost/url/url_view_base.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "support/result.hpp"

namespace troupe::sim {

/// Does an answer with this status lead elsewhere by its Location (RFC 9110 section 15.4)?
bool is_redirect(int status);

/// The port that a URL of http or https says or means; 0: what it says is none.
std::uint16_t port_in(const boost::urls::url_view_base& url);

/// Another server, as a URL names it.
struct ServerName {
  bool secure = false;  ///< https
  std::string host;     ///< no brackets around IPv6
  std::uint16_t port = 0;
  std::string authority;  ///< for the Host field
  bool operator==(const ServerName&) const = default;
};

/// Where a redirect leads.
struct Redirect {
  std::string target;                     ///< of the next request
  std::optional<ServerName> elsewhere{};  ///< absent: to the same origin
};

/// Where a Location leads from `base`, an absolute URL (RFC 3986 section 5); what no URL may hold is
/// percent-encoded, but for control characters. From https it must not lead to http, where everybody can
/// read. Error: one line.
Result<Redirect> resolve_redirect(std::string_view base, std::string_view location);

}  // namespace troupe::sim
