#include "sim/transport/given_addresses.hpp"

#include "support/iequals.hpp"

#include <spdlog/fmt/fmt.h>

#include <boost/asio/ip/tcp.hpp>
#include <charconv>
#include <system_error>

namespace troupe::sim {

using boost::asio::ip::tcp;

Result<std::vector<SocketAddress>> given_addresses(const std::vector<std::string>& entries,
                                                   std::string_view host, std::uint16_t port) {
  std::vector<SocketAddress> found;
  boost::system::error_code no_address;
  for (const std::string_view entry : entries) {
    const Error fault{
        ErrorCode::invalid_argument,
        fmt::format("--resolve '{}' must be HOST:PORT:ADDRESS, as in db.test:443:127.0.0.1", entry)};
    const auto first = entry.find(':');
    const auto second = first == std::string_view::npos ? first : entry.find(':', first + 1);
    if (second == std::string_view::npos || first == 0) return fault;
    const auto number = entry.substr(first + 1, second - first - 1);
    unsigned port_number = 0;
    const auto read = std::from_chars(number.data(), number.data() + number.size(), port_number);
    if (read.ec != std::errc() || read.ptr != number.data() + number.size() || port_number == 0 ||
        port_number > 65'535)
      return fault;
    const bool is_this = iequals(entry.substr(0, first), host) && port_number == port;
    for (auto at = second; at < entry.size();) {  // each behind a colon or a comma
      auto text = entry.substr(at + 1, entry.find(',', at + 1) - at - 1);
      at += text.size() + 1;
      if (text.starts_with('[') && text.ends_with(']')) text = text.substr(1, text.size() - 2);
      const auto address = boost::asio::ip::make_address(text, no_address);
      if (no_address) return fault;
      if (is_this) found.emplace_back(tcp::endpoint(address, port));
    }
  }
  if (!found.empty()) return found;
  if (const auto itself = boost::asio::ip::make_address(host, no_address); !no_address)
    found.emplace_back(tcp::endpoint(itself, port));
  return found;
}

}  // namespace troupe::sim
