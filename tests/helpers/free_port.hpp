#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <cstdint>

namespace troupe::tests {

/// A port of 127.0.0.1 that nobody listens on at the moment, for a program that cannot choose one itself.
inline std::uint16_t free_port() {
  boost::asio::io_context loop;
  using boost::asio::ip::tcp;
  const tcp::acceptor probe(loop, tcp::endpoint(boost::asio::ip::address_v4::loopback(), 0));
  return probe.local_endpoint().port();
}

}  // namespace troupe::tests
