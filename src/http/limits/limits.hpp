#pragma once

#include <array>
#include <atomic>
#include <boost/asio/ip/address.hpp>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "http/limits/peers.hpp"
#include "http/limits/rate_table.hpp"
#include "http/limits/trusted_proxies.hpp"
#include "support/settings.hpp"
#include "support/time.hpp"

namespace troupe::http {

/// What one client or one key may have only so much of.
enum class Limit : std::uint8_t { client_rate, client_connections, client_memory, key_rate };
constexpr std::array limit_names{std::string_view("client_rate"), std::string_view("client_connections"),
                                 std::string_view("client_memory"), std::string_view("key_rate")};

/// A client's number, no two the same: of its IPv4 address, or of the network of 64 bits that its IPv6
/// address is in, because whoever has one address of that has all.
std::uint64_t client_number(const boost::asio::ip::address& address);

/// `[limits]` at work. What is not set costs one look at a constant. From any thread.
class Limits {
 public:
  explicit Limits(const LimitSettings& settings = {});

  const TrustedProxies& proxies() const { return proxies_; }

  /// A request of this client's, or with this key, came. Nothing: go on; else when to come again.
  std::optional<Duration> take_request(const boost::asio::ip::address& client, TimePoint now);
  std::optional<Duration> take_request_of_key(std::string_view name, TimePoint now);

  /// A client connects. Nothing: it has all the connections that it may. A trusted proxy may have any number,
  /// and hold any memory: they are other people's.
  std::optional<PeerSeat> enter(const boost::asio::ip::address& peer);
  std::size_t client_connections() const { return client_connections_; }

  void count_refusal(Limit limit) {
    refusals_[static_cast<std::size_t>(limit)].fetch_add(1, std::memory_order_relaxed);
  }
  /// Since the start.
  std::uint64_t refusals(Limit limit) const {
    return refusals_[static_cast<std::size_t>(limit)].load(std::memory_order_relaxed);
  }

 private:
  TrustedProxies proxies_;
  RateTable clients_, keys_;
  std::size_t client_connections_;
  Peers peers_;
  std::array<std::atomic<std::uint64_t>, limit_names.size()> refusals_{};
};

}  // namespace troupe::http
