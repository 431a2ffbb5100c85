#pragma once

#include <boost/asio/generic/stream_protocol.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "actors/io/byte_stream.hpp"
#include "sim/client/tls_context.hpp"

namespace troupe::sim {

/// Of TCP over IPv4 or IPv6, or a UNIX socket's.
using SocketAddress = boost::asio::generic::stream_protocol::endpoint;

/// Where connections lead.
struct Origin {
  std::vector<SocketAddress> addresses{};  ///< tried in turn; none: its name is still to be looked up
  std::string host{};                      ///< as certificates name it: no brackets around IPv6
  std::shared_ptr<TlsContext> tls{};       ///< null: plain http
  /// With which `host` can be looked up again; 0: the addresses were given, or it is one itself.
  std::uint16_t lookup_port = 0;
  /// Opens a connection within this process, instead of a socket to an address; on the thread that uses it.
  /// Empty: addresses are what counts.
  std::function<std::unique_ptr<actors::ByteStream>()> open{};
};

}  // namespace troupe::sim
