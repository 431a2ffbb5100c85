#pragma once

#include <string>
#include <string_view>

namespace troupe::http {

/// `text` is `uri-host [ ":" port ]` with a host that is not empty (RFC 9110 section 7.2, RFC 3986
/// section 3.2.2): no userinfo, a port no greater than 65535, a well-formed address between brackets.
bool is_host_and_port(std::string_view text);

/// The host of a text for which `is_host_and_port` holds, an address with its brackets.
std::string_view host_of(std::string_view authority);

/// The port of a text for which `is_host_and_port` holds; empty when there is none.
std::string_view port_of(std::string_view authority);

/// A name or an address as it stands in an authority: IPv6 between brackets.
std::string as_uri_host(const std::string& host);

}  // namespace troupe::http
