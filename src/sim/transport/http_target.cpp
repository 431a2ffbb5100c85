#include "sim/transport/http_target.hpp"

#include <spdlog/fmt/fmt.h>
#include <sys/un.h>

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/json/parse.hpp>
#include <boost/url/parse.hpp>

#include "sim/client/probe.hpp"
#include "sim/client/redirect.hpp"
#include "sim/transport/call.hpp"
#include "sim/transport/given_addresses.hpp"

namespace troupe::sim {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

constexpr std::string_view unix_scheme = "unix:";

Error usage(std::string_view url, std::string_view why) {
  return {ErrorCode::invalid_argument, fmt::format("target '{}' {}", url, why)};
}

Error unreachable(std::string_view url, std::string_view why) {
  return {ErrorCode::unavailable, fmt::format("cannot reach the target {}: {}", url, why)};
}

/// Finds the addresses of a target's host.
Result<void> resolve(HttpTarget& target) {
  auto& origin = target.origin;
  auto given = given_addresses(target.options.resolve, origin.host, target.port);
  if (!given) return given.error();
  origin.addresses = *std::move(given);
  if (!origin.addresses.empty()) return {};
  origin.lookup_port = target.port;
  asio::io_context io;
  error_code error;
  for (const auto& entry : tcp::resolver(io).resolve(origin.host, std::to_string(target.port), error)) {
    const SocketAddress address(entry.endpoint());
    if (std::ranges::find(origin.addresses, address) == origin.addresses.end())
      origin.addresses.push_back(address);
  }
  if (error) return unreachable(target.url, error.message());
  return {};
}

/// `unix:/run/app.sock` or `unix:/run/app.sock:/api`.
Result<HttpTarget> read_unix_target(std::string_view text) {
  HttpTarget target;
  target.url = text;
  target.authority = target.origin.host = "localhost";
  auto path = text.substr(unix_scheme.size());
  if (const auto colon = path.find(':'); colon != std::string_view::npos) {
    target.prefix = path.substr(colon + 1);
    path = path.substr(0, colon);
  }
  if (!path.starts_with('/') || (!target.prefix.empty() && !target.prefix.starts_with('/')))
    return usage(text, "is not a socket's path (write unix:/PATH or unix:/PATH:/PREFIX)");
  if (path.size() >= sizeof(sockaddr_un::sun_path))
    return usage(text, "has a longer path than a socket can have (107 bytes)");
  target.origin.addresses.emplace_back(asio::local::stream_protocol::endpoint(path));
  return target;
}

Result<HttpTarget> read_url(std::string_view text, const ClientOptions& options) {
  const auto parsed = boost::urls::parse_uri(text);
  if (!parsed) return usage(text, "is not a URL (write http://HOST:PORT)");
  const auto& url = *parsed;
  const bool secure = url.scheme_id() == boost::urls::scheme::https;
  if ((!secure && url.scheme_id() != boost::urls::scheme::http) || url.host().empty())
    return usage(text, "is not an http URL (write http://HOST:PORT, https://HOST:PORT or unix:/PATH)");
  if (url.has_query() || url.has_fragment() || url.has_userinfo())
    return usage(text, "may hold a host, a port and a path only");
  HttpTarget target;
  target.url = text;
  target.authority = std::string(url.encoded_host_and_port());
  target.prefix = std::string(url.encoded_path());
  target.origin.host = std::string(url.host_address());
  if (secure) {
    auto tls = TlsContext::make(options.tls);
    if (!tls) return tls.error();
    target.origin.tls = *std::move(tls);
  }
  target.port = port_in(url);
  if (target.port == 0) return usage(text, "has a port that is not between 1 and 65535");
  target.options = options;
  if (const auto done = resolve(target); !done) return done.error();
  return target;
}

/// What is wrong with an answer to a list of items; empty: nothing.
std::string fault_of(const ProbeAnswer& answer) {
  if (answer.status / 100 != 2) return fmt::format("status {}", answer.status);
  error_code not_json;
  const auto body = boost::json::parse(answer.body, not_json);
  if (not_json) return "a body that is not JSON";
  if (body.is_array()) return {};
  const auto* const results = body.is_object() ? body.as_object().if_contains("results") : nullptr;
  if (results != nullptr && results->is_array()) return {};
  return "JSON that is no array";
}

}  // namespace

Result<HttpTarget> read_target(std::string_view text, const ClientOptions& options) {
  auto target = text.starts_with(unix_scheme) ? read_unix_target(text) : read_url(text, options);
  if (target) {
    while (target->prefix.ends_with('/')) target->prefix.pop_back();
  }
  return target;
}

Result<HttpTarget> find_target(std::string_view text, std::chrono::milliseconds timeout,
                               const ClientOptions& options, const std::function<bool()>& give_up) {
  auto target = read_target(text, options);
  if (!target) return target.error();
  auto& addresses = target->origin.addresses;
  const auto reached = probe(target->origin, {}, timeout, give_up);
  if (!reached) return unreachable(text, reached.error().message);
  std::rotate(addresses.begin(), addresses.begin() + static_cast<std::ptrdiff_t>(reached->address),
              addresses.end());
  return target;
}

std::string get_text(std::string_view path, std::string_view fields) {
  return fmt::format("GET {} HTTP/1.1{}\r\nAccept: application/json\r\nConnection: close\r\n\r\n", path,
                     fields);
}

Result<void> check_items_api(const HttpTarget& target, const Scenario& scenario,
                             std::chrono::milliseconds timeout) {
  const auto asks_items = [](const Task& task) { return task.operation != Operation::request; };
  const auto task = std::ranges::find_if(scenario.tasks, asks_items);
  const bool has_items = scenario.existing_items > 0 || scenario.items_per_user.value_or(0) > 0;
  if (task == scenario.tasks.end() && !has_items) return {};
  std::string fields;
  if (task != scenario.tasks.end()) {
    if (!task->head.is_constant()) return {};
    render_fields({.task = &*task}, fields);
  }
  if (task == scenario.tasks.end() || !task->head.host) fields += "\r\nHost: " + target.authority;
  const auto path = target.prefix + scenario.collection_path + "?limit=1";
  const auto answer = probe(target.origin, get_text(path, fields), timeout);
  if (!answer) return unreachable(target.url, answer.error().message);
  const auto got = fault_of(*answer);
  if (got.empty()) return {};
  return Error{
      ErrorCode::unavailable,
      fmt::format("{} is not the items API: GET {} should answer 2xx with a JSON array, and answered {} "
                  "(other routes: a scenario with [paths]; --no-check goes on all the same)",
                  target.url, path, got)};
}

}  // namespace troupe::sim
