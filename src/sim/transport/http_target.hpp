#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <chrono>
#include <string>
#include <string_view>

#include "sim/scenario/scenario.hpp"
#include "support/result.hpp"

namespace troupe::sim {

/// The server that a run aims at.
struct HttpTarget {
  std::string url;        ///< as given
  std::string authority;  ///< for the Host field
  std::string prefix;     ///< in front of every path: "" or "/api"
  boost::asio::ip::tcp::endpoint endpoint;
};

/// Reads `http://HOST[:PORT][/PREFIX]`, resolves the name and connects once; the address that answered first
/// is taken. Blocks for `timeout` at most per address. Errors: invalid_argument for the URL, unavailable for
/// the server.
Result<HttpTarget> find_target(std::string_view url, std::chrono::milliseconds timeout);

/// Asks the target for one item and checks that it answers as the items API does. Scenarios that send
/// requests of their own only are not checked. Blocks. Error: one line that names what was expected.
Result<void> check_items_api(const HttpTarget& target, const Scenario& scenario,
                             std::chrono::milliseconds timeout);

}  // namespace troupe::sim
