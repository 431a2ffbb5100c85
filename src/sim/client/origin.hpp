#pragma once

#include <boost/asio/generic/stream_protocol.hpp>
#include <memory>
#include <string>
#include <vector>

#include "sim/client/tls_context.hpp"

namespace troupe::sim {

/// Of TCP over IPv4 or IPv6, or a UNIX socket's.
using SocketAddress = boost::asio::generic::stream_protocol::endpoint;

/// Where connections lead.
struct Origin {
  std::vector<SocketAddress> addresses{};  ///< at least one; tried in turn
  std::string host{};                      ///< as certificates name it: no brackets around IPv6
  std::shared_ptr<TlsContext> tls{};       ///< null: plain http
};

}  // namespace troupe::sim
