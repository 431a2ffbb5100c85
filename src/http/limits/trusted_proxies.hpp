#pragma once

#include <boost/asio/ip/address.hpp>
#include <string_view>
#include <vector>

#include "support/ip_network.hpp"

namespace troupe::http {

/// The proxies that are believed when they say whose request they hand on. Immutable; from any thread.
class TrustedProxies {
 public:
  /// Nobody is believed.
  TrustedProxies() = default;
  /// `setting`: limits.trusted_proxies, which has been found valid.
  explicit TrustedProxies(std::string_view setting);

  bool any() const { return !networks_.empty(); }
  bool trust(const boost::asio::ip::address& address) const;

  /// Whose request it is that came from `peer` with these fields (empty: absent; of a repeated one all, with
  /// commas between). The peer's own, unless that is trusted: then of the addresses that are told the last
  /// one that is no trusted proxy's, or the first when all of them are. A field that is malformed, or names
  /// nobody at that place, tells nothing, and the peer is the client. Which of the two fields a proxy writes
  /// is not known here, and the other one it hands on as the client made it up: where both are there they
  /// must tell the same, or the peer is the client.
  boost::asio::ip::address client_of(const boost::asio::ip::address& peer, std::string_view x_forwarded_for,
                                     std::string_view forwarded) const;

 private:
  std::vector<IpNetwork> networks_;
};

}  // namespace troupe::http
