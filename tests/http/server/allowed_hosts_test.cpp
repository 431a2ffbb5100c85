#include "http/server/allowed_hosts.hpp"

#include <catch2/catch.hpp>
#include <string>

using troupe::http::AllowedHosts;

TEST_CASE(
    "a server on a loopback address answers for its names only, another for any, unless told otherwise") {
  struct Case {
    std::string setting, listens_on, host;
    bool allowed;
  };
  const auto [setting, listens_on, host, allowed] = GENERATE(values<Case>({
      {"auto", "127.0.0.1", "localhost", true},
      {"auto", "127.0.0.1", "LOCALHOST:8080", true},
      {"auto", "127.0.0.1", "127.0.0.1:8080", true},
      {"auto", "127.0.0.1", "[::1]:8080", true},
      {"auto", "::1", "[::1]", true},
      {"auto", "localhost", "127.0.0.1", true},
      {"auto", "127.0.0.2", "127.0.0.2:80", true},
      {"auto", "127.0.0.1", "evil.example", false},
      {"auto", "127.0.0.1", "localhost.evil.example:8080", false},
      {"auto", "localhost", "127.0.0.1.evil.example", false},
      {"auto", "127.0.0.1", "", true},  // HTTP/1.0
      {"auto", "0.0.0.0", "evil.example", true},
      {"auto", "192.0.2.1", "shop.example", true},
      {"*", "127.0.0.1", "evil.example", true},
      {"shop.example", "127.0.0.1", "shop.example:443", true},
      {"shop.example,api.shop.example", "0.0.0.0", "Api.Shop.Example", true},
      {"shop.example,api.shop.example", "0.0.0.0", "localhost", false},
  }));
  CAPTURE(setting, listens_on, host);
  CHECK(AllowedHosts(setting, listens_on).allow(host) == allowed);
  CHECK(AllowedHosts().allow(host));
}
