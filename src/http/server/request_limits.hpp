#pragma once

#include <boost/asio/ip/address.hpp>
#include <optional>

#include "http/limits/limits.hpp"
#include "http/server/exchange.hpp"
#include "http/server/response.hpp"

namespace troupe::http {

/// Whose request it is that came from `peer`: see TrustedProxies.
boost::asio::ip::address client_of(const Limits& limits, const boost::asio::ip::address& peer,
                                   const Request& request);

/// Takes a request from what the exchange's client may ask for; the answer when there is nothing left.
std::optional<Response> refused_to_client(Limits& limits, const Exchange& exchange, TimePoint now);

/// The same of its caller's key; nobody in particular may ask for anything.
std::optional<Response> refused_to_key(Limits& limits, const Exchange& exchange, TimePoint now);

}  // namespace troupe::http
