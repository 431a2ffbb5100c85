#pragma once

#include <boost/asio/ip/address.hpp>
#include <optional>
#include <string_view>
#include <vector>

namespace troupe::http {

/// Addresses that proxies have said, the nearest proxy's last. An element that is no address ("unknown", a
/// name of a proxy's own) is nothing: it is known that somebody was there, and not who.
using Hops = std::vector<std::optional<boost::asio::ip::address>>;

/// More hops than this are no path that a request took.
constexpr std::size_t most_hops = 64;

/// The addresses of Forwarded (RFC 7239 section 4), by its grammar to the letter. Nothing: it is malformed,
/// repeats a parameter within an element, or has too many hops. Pure.
std::optional<Hops> parse_forwarded(std::string_view list);

/// The addresses of X-Forwarded-For, the last ones of it when there are too many: elements with commas
/// between, each an address, with a port or not. An IPv6 address with a port is in brackets. Elements that
/// are neither are nothing in the result: what stands left of a trusted proxy's element is the client's own
/// text, and must not spoil the rest. Pure.
Hops parse_x_forwarded_for(std::string_view list);

}  // namespace troupe::http
