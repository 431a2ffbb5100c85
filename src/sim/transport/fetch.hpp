#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <string_view>

#include "sim/client/probe.hpp"
#include "sim/transport/http_target.hpp"

namespace troupe::sim {

/// How a URL is asked.
struct FetchOptions {
  std::chrono::milliseconds timeout;  ///< for the answer, with connecting; looking the name up is not in it
  ClientOptions client{};
  std::function<bool()> give_up{};  ///< asked meanwhile: true ends it
  std::size_t most_body = ResponseReader::most_kept_body;
};

/// Whether it is http://…, https://… or unix:/SOCKET[:/PATH], and without user and password. Error:
/// invalid_argument, as the end of a sentence; the URL is not in it.
Result<void> check_url(std::string_view url);

/// One GET, with its query, on a connection of its own. Blocks. Redirects are the answer. Errors:
/// invalid_argument for the URL and the options, unavailable for the server.
Result<ProbeAnswer> fetch(std::string_view url, const FetchOptions& options);

}  // namespace troupe::sim
