#include "http/limits/trusted_proxies.hpp"

#include <catch2/catch.hpp>
#include <string>

using namespace troupe;
using namespace troupe::http;

TEST_CASE("whose request it is is known from trusted proxies only, and never guessed") {
  struct Row {
    std::string what, peer, x_forwarded_for, forwarded, client;
  };
  const std::string proxy = "10.0.0.1", client = "192.0.2.1", other = "198.51.100.9";
  const auto row = GENERATE_COPY(values<Row>({
      {"a proxy that says nothing", proxy, "", "", proxy},
      {"a stranger who says something", other, client, "", other},
      {"a stranger who says something in both ways", other, client, "for=" + client, other},
      {"a proxy that tells", proxy, client, "", client},
      {"a proxy that tells by the standard", proxy, "", "for=" + client, client},
      {"a client that made something up", proxy, other + ", " + client, "", client},
      {"a client that made something up by the standard", proxy, "", "for=" + other + ", for=" + client,
       client},
      {"two proxies", proxy, client + ", 10.0.0.2", "", client},
      {"two proxies behind a client that made something up", proxy, "10.0.0.7, " + client + ", 10.0.0.2", "",
       client},
      {"proxies only", proxy, "10.0.0.3, 10.0.0.2", "", "10.0.0.3"},
      {"an IPv6 proxy", "fd00::1", "2001:db8::5", "", "2001:db8::5"},
      {"both, and the same", proxy, client, "for=" + client, client},
      {"both, and not the same", proxy, client, "for=" + other, proxy},
      {"both, and one is malformed", proxy, client, "for=", proxy},
      {"a malformed one", proxy, "", "for=" + client + ";for=" + client, proxy},
      {"nobody at the decisive place", proxy, client + ", unknown", "", proxy},
      {"nonsense left of the decisive place", proxy, "nonsense, " + client, "", client},
      {"an address with a port", proxy, client + ":4711", "", client},
  }));
  CAPTURE(row.what);
  const TrustedProxies proxies("10.0.0.0/8, fd00::/8");
  const auto told = proxies.client_of(*parse_address(row.peer), row.x_forwarded_for, row.forwarded);
  CHECK(told.to_string() == row.client);
  CHECK(
      TrustedProxies().client_of(*parse_address(row.peer), row.x_forwarded_for, row.forwarded).to_string() ==
      row.peer);
}
