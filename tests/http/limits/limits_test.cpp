#include "http/limits/limits.hpp"

#include <catch2/catch.hpp>
#include <string>

#include "http/server/problem.hpp"
#include "http/server/request_limits.hpp"

using namespace troupe;
using namespace troupe::http;
using namespace std::chrono_literals;

namespace {

constexpr TimePoint noon{12h};

boost::asio::ip::address address_of(const std::string& text) {
  return *parse_address(text);
}

}  // namespace

TEST_CASE("an IPv4 address is a client, and so is a network of 64 bits of IPv6") {
  const auto [a, b, same] = GENERATE(table<std::string, std::string, bool>({
      {"192.0.2.1", "192.0.2.1", true},
      {"192.0.2.1", "192.0.2.2", false},
      {"2001:db8::1", "2001:db8::ffff:1:2:3", true},
      {"2001:db8::1", "2001:db8:0:1::1", false},
      {"::1", "0.0.0.1", false},
      {"::", "0.0.0.0", false},
  }));
  CAPTURE(a, b);
  CHECK((client_number(address_of(a)) == client_number(address_of(b))) == same);
}

TEST_CASE("each client has its rate, and refusals are counted") {
  Limits limits({.trusted_proxies = {}, .client_rate = 1, .client_burst = 2});
  for (int i = 0; i < 2; ++i) CHECK_FALSE(limits.take_request(address_of("192.0.2.1"), noon));
  CHECK(limits.take_request(address_of("192.0.2.1"), noon) == Duration(1s));
  CHECK_FALSE(limits.take_request(address_of("192.0.2.2"), noon));
  CHECK(limits.refusals(Limit::client_rate) == 1);
  CHECK(limits.refusals(Limit::key_rate) == 0);
}

TEST_CASE("without a burst of its own a client may ask for a second's requests at once") {
  const auto [rate, burst] = GENERATE(table<double, int>({{0.1, 1}, {1, 1}, {2.5, 3}, {10, 10}}));
  Limits limits({.trusted_proxies = {}, .client_rate = rate});
  int taken = 0;
  for (int i = 0; i < 100; ++i) taken += limits.take_request(address_of("192.0.2.1"), noon) ? 0 : 1;
  CHECK(taken == burst);
}

TEST_CASE("a key has its rate from wherever it comes, and nobody in particular has none") {
  Limits limits({.trusted_proxies = {}, .key_rate = 0.4, .key_burst = 1});
  Exchange exchange;
  for (int i = 0; i < 10; ++i) CHECK_FALSE(refused_to_key(limits, exchange, noon));
  exchange.caller = std::make_shared<const Caller>(Caller{"clerk"});
  exchange.client = address_of("192.0.2.1");
  CHECK_FALSE(refused_to_key(limits, exchange, noon));
  exchange.client = address_of("192.0.2.2");
  const auto refused = refused_to_key(limits, exchange, noon);
  REQUIRE(refused);
  CHECK(refused->status == 429);
  CHECK(refused->fields.find("Retry-After: 3\r\n") != std::string::npos);  // 2.5 s
  CHECK(refused->body.find("limits.key_rate") != std::string::npos);
  exchange.caller = std::make_shared<const Caller>(Caller{"auditor"});
  CHECK_FALSE(refused_to_key(limits, exchange, noon));
  CHECK(limits.refusals(Limit::key_rate) == 1);
}

TEST_CASE("a trusted proxy's connections are not counted: they are other people's") {
  Limits limits({.trusted_proxies = "10.0.0.0/8", .client_connections = 1});
  const auto first = limits.enter(address_of("10.0.0.1"));
  const auto client = limits.enter(address_of("192.0.2.1"));
  CHECK(limits.enter(address_of("10.0.0.1")));
  CHECK_FALSE(limits.enter(address_of("192.0.2.1")));
  CHECK(limits.refusals(Limit::client_connections) == 1);
}

TEST_CASE("where nothing is limited everything passes and nothing is counted") {
  Limits limits;
  for (int i = 0; i < 1000; ++i) CHECK_FALSE(limits.take_request(address_of("192.0.2.1"), noon));
  for (int i = 0; i < 1000; ++i) CHECK_FALSE(limits.take_request_of_key("clerk", noon));
  CHECK(limits.enter(address_of("192.0.2.1")));
  CHECK_FALSE(limits.proxies().any());
}
