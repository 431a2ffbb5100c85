#include "http/limits/trusted_proxies.hpp"

#include <algorithm>
#include <optional>

#include "http/limits/forwarded.hpp"

namespace troupe::http {

using boost::asio::ip::address;

TrustedProxies::TrustedProxies(std::string_view setting)
    : networks_(parse_networks(setting).value_or(std::vector<IpNetwork>{})) {}

bool TrustedProxies::trust(const address& address) const {
  return std::ranges::any_of(networks_, [&](const IpNetwork& network) { return network.contains(address); });
}

address TrustedProxies::client_of(const address& peer, std::string_view x_forwarded_for,
                                  std::string_view forwarded) const {
  if (!trust(peer)) return peer;
  const auto told_by = [&](const std::optional<Hops>& hops) {
    if (!hops) return peer;
    auto client = peer;
    for (auto hop = hops->rbegin(); hop != hops->rend(); ++hop) {
      if (!*hop) return peer;
      client = **hop;
      if (!trust(client)) break;
    }
    return client;
  };
  if (forwarded.empty())
    return x_forwarded_for.empty() ? peer : told_by(parse_x_forwarded_for(x_forwarded_for));
  const auto client = told_by(parse_forwarded(forwarded));
  if (x_forwarded_for.empty()) return client;
  return told_by(parse_x_forwarded_for(x_forwarded_for)) == client ? client : peer;
}

}  // namespace troupe::http
