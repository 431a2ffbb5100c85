#include "http/limits/limits.hpp"

#include <sys/random.h>

#include <cmath>
#include <functional>

namespace troupe::http {

namespace {

using boost::asio::ip::address;

/// Not of a seed: it must be unknown. It decides who shares a slot of the table and nothing else.
std::uint64_t secret() {
  std::uint64_t bytes = 0;
  return ::getrandom(&bytes, sizeof bytes, 0) == sizeof bytes ? bytes : 0;
}

RateTable table_of(double rate, std::size_t burst, std::size_t clients) {
  if (rate <= 0) return {};
  return {rate, burst != 0 ? burst : static_cast<std::size_t>(std::ceil(rate)), clients, secret()};
}

}  // namespace

std::uint64_t client_number(const address& address) {
  // No client has a multicast address, which begins with these bits.
  if (address.is_v4()) return 0xffff'0000'0000'0000U | address.to_v4().to_uint();
  std::uint64_t number = 0;
  const auto bytes = address.to_v6().to_bytes();
  for (std::size_t i = 0; i < 8; ++i) number = number << 8 | bytes[i];
  return number;
}

Limits::Limits(const LimitSettings& settings)
    : proxies_(settings.trusted_proxies),
      clients_(table_of(settings.client_rate, settings.client_burst, settings.clients)),
      keys_(table_of(settings.key_rate, settings.key_burst, settings.clients)),
      client_connections_(settings.client_connections),
      peers_(settings.client_connections, settings.client_memory) {}

std::optional<Duration> Limits::take_request(const address& client, TimePoint now) {
  if (!clients_.limits()) return std::nullopt;
  const auto wait = clients_.take(client_number(client), now);
  if (wait) count_refusal(Limit::client_rate);
  return wait;
}

std::optional<Duration> Limits::take_request_of_key(std::string_view name, TimePoint now) {
  if (!keys_.limits()) return std::nullopt;
  const auto wait = keys_.take(std::hash<std::string_view>()(name), now);
  if (wait) count_refusal(Limit::key_rate);
  return wait;
}

std::optional<PeerSeat> Limits::enter(const address& peer) {
  if (!peers_.limits() || proxies_.trust(peer)) return PeerSeat();
  auto seat = peers_.enter(client_number(peer));
  if (!seat) count_refusal(Limit::client_connections);
  return seat;
}

}  // namespace troupe::http
