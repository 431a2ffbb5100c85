#pragma once

#include <boost/asio/ip/address.hpp>
#include <optional>
#include <string_view>
#include <vector>

namespace troupe {

/// An IPv4 client of a socket for both kinds looks like ::ffff:192.0.2.1 (RFC 4291 section 2.5.5.2): it is
/// the same client as on a socket for IPv4.
boost::asio::ip::address plain_address(const boost::asio::ip::address& address);

/// An address as text, all of it, without port, brackets or zone.
std::optional<boost::asio::ip::address> parse_address(std::string_view text);

/// All addresses that begin with the same bits (RFC 4632, RFC 4291 section 2.3).
class IpNetwork {
 public:
  /// "10.0.0.0/8", "fd00::/8", or an address, which is a network of one. Nothing: it is neither, or has bits
  /// behind its prefix, which would be a slip.
  static std::optional<IpNetwork> parse(std::string_view text);

  bool contains(const boost::asio::ip::address& address) const;

 private:
  IpNetwork(const boost::asio::ip::address& address, unsigned prefix) : address_(address), prefix_(prefix) {}

  boost::asio::ip::address address_;
  unsigned prefix_;  ///< bits
};

/// Networks with commas between, with blanks around them or not; nothing: one of them is none. An empty text
/// has none.
std::optional<std::vector<IpNetwork>> parse_networks(std::string_view text);

}  // namespace troupe
