#include "support/ip_network.hpp"

#include <algorithm>
#include <array>
#include <span>
#include <string>
#include <utility>

#include "support/parse.hpp"

namespace troupe {

namespace asio = boost::asio;
using asio::ip::address;

namespace {

constexpr std::size_t longest_address = 45;  // INET6_ADDRSTRLEN without its end

/// The bits that do not fit the prefix are zero.
template <std::size_t Size>
std::array<unsigned char, Size> cut(std::array<unsigned char, Size> bytes, unsigned prefix) {
  for (std::size_t i = 0; i < Size; ++i) {
    const auto bits = std::min(prefix - std::min<unsigned>(prefix, static_cast<unsigned>(i) * 8), 8U);
    bytes[i] = static_cast<unsigned char>(bytes[i] & (0xff00U >> bits));
  }
  return bytes;
}

bool share_prefix(const address& a, const address& b, unsigned prefix) {
  if (a.is_v4() != b.is_v4()) return false;
  return a.is_v4() ? cut(a.to_v4().to_bytes(), prefix) == cut(b.to_v4().to_bytes(), prefix)
                   : cut(a.to_v6().to_bytes(), prefix) == cut(b.to_v6().to_bytes(), prefix);
}

}  // namespace

address plain_address(const address& address) {
  if (!address.is_v6() || !address.to_v6().is_v4_mapped()) return address;
  return asio::ip::make_address_v4(asio::ip::v4_mapped, address.to_v6());
}

std::optional<address> parse_address(std::string_view text) {
  if (text.empty() || text.size() > longest_address || text.find('%') != text.npos) return std::nullopt;
  boost::system::error_code error;
  const auto parsed = asio::ip::make_address(std::string(text), error);
  return error ? std::nullopt : std::optional(parsed);
}

std::optional<IpNetwork> IpNetwork::parse(std::string_view text) {
  const auto slash = text.find('/');
  const auto parsed = parse_address(text.substr(0, slash));
  if (!parsed) return std::nullopt;
  const unsigned whole = parsed->is_v4() ? 32 : 128;
  if (slash == text.npos)
    return IpNetwork(plain_address(*parsed), parsed == plain_address(*parsed) ? whole : 32);
  const auto prefix = parse_count(text.substr(slash + 1));
  if (!prefix || *prefix > whole) return std::nullopt;
  const auto bits = static_cast<unsigned>(*prefix);
  const bool exact = parsed->is_v4() ? cut(parsed->to_v4().to_bytes(), bits) == parsed->to_v4().to_bytes()
                                     : cut(parsed->to_v6().to_bytes(), bits) == parsed->to_v6().to_bytes();
  return exact ? std::optional(IpNetwork(*parsed, bits)) : std::nullopt;
}

bool IpNetwork::contains(const address& address) const {
  return share_prefix(address_, address, prefix_);
}

std::optional<std::vector<IpNetwork>> parse_networks(std::string_view text) {
  std::vector<IpNetwork> networks;
  if (trim(text).empty()) return networks;
  for (std::size_t begin = 0; begin <= text.size();) {
    const auto end = std::min(text.find(',', begin), text.size());
    const auto network = IpNetwork::parse(trim(text.substr(begin, end - begin)));
    if (!network) return std::nullopt;
    networks.push_back(*network);
    begin = end + 1;
  }
  return networks;
}

}  // namespace troupe
