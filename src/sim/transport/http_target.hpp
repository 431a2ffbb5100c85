#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/client/origin.hpp"
#include "sim/scenario/scenario.hpp"
#include "support/result.hpp"

namespace troupe::sim {

/// How the client gets to a target.
struct ClientOptions {
  TlsOptions tls{};
  std::vector<std::string> resolve{};  ///< HOST:PORT:ADDRESS[,ADDRESS…]: instead of asking for the name
};

/// The server that a run aims at.
struct HttpTarget {
  std::string url;        ///< as given
  std::string authority;  ///< for the Host field
  std::string prefix;     ///< in front of every path: "" or "/api"
  Origin origin{};
  std::uint16_t port = 0;   ///< 0: a UNIX socket's
  ClientOptions options{};  ///< for other servers, too, that it redirects to
};

/// Reads `http://HOST[:PORT][/PREFIX]`, the same with https, or `unix:/PATH/TO/SOCKET[:/PREFIX]`, and
/// resolves the name. Errors: invalid_argument for the URL and the options, unavailable for the name.
Result<HttpTarget> read_target(std::string_view url, const ClientOptions& options);

/// Reads a target and connects once; the address that answered first is tried first from then on. Blocks for
/// `timeout` at most, beside the look-up, or until `give_up` says true. Errors: as of read_target, and
/// unavailable for the server.
Result<HttpTarget> find_target(std::string_view url, std::chrono::milliseconds timeout,
                               const ClientOptions& options = {}, const std::function<bool()>& give_up = {});

/// A GET of a path, query included, after which the connection ends. `fields`: of its head, each behind a
/// line end, Host among them.
std::string get_text(std::string_view path, std::string_view fields);

/// Asks the target for one item, with the head that a task of the scenario gives its requests, and checks
/// that it answers as the items API does. Not checked are scenarios that send requests of their own only, or
/// heads that users fill in. Blocks. Error: one line that names what was expected.
Result<void> check_items_api(const HttpTarget& target, const Scenario& scenario,
                             std::chrono::milliseconds timeout);

}  // namespace troupe::sim
