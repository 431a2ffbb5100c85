#include "http/server/request_limits.hpp"

#include "http/server/problem.hpp"

namespace troupe::http {

namespace {

Response come_again(std::string_view limit, Duration wait) {
  return response_of(too_many_requests(limit, std::chrono::seconds(whole_seconds(wait))));
}

}  // namespace

boost::asio::ip::address client_of(const Limits& limits, const boost::asio::ip::address& peer,
                                   const Request& request) {
  if (request.forwarded == nullptr) return peer;
  return limits.proxies().client_of(peer, request.forwarded->x_forwarded_for, request.forwarded->forwarded);
}

std::optional<Response> refused_to_client(Limits& limits, const Exchange& exchange, TimePoint now) {
  const auto wait = limits.take_request(exchange.client, now);
  return wait ? std::optional(come_again("limits.client_rate", *wait)) : std::nullopt;
}

std::optional<Response> refused_to_key(Limits& limits, const Exchange& exchange, TimePoint now) {
  if (exchange.caller == nullptr) return std::nullopt;
  const auto wait = limits.take_request_of_key(exchange.caller->name, now);
  return wait ? std::optional(come_again("limits.key_rate", *wait)) : std::nullopt;
}

}  // namespace troupe::http
