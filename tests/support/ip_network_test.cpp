#include "support/ip_network.hpp"

#include <catch2/catch.hpp>
#include <string>

using namespace troupe;

TEST_CASE("a network holds the addresses that begin with its bits") {
  struct Row {
    std::string network, inside, outside;
  };
  const auto row = GENERATE(values<Row>({
      {"10.0.0.0/8", "10.255.0.1", "11.0.0.1"},
      {"192.0.2.128/25", "192.0.2.255", "192.0.2.127"},
      {"192.0.2.7", "192.0.2.7", "192.0.2.6"},
      {"192.0.2.7/32", "192.0.2.7", "192.0.2.8"},
      {"0.0.0.0/0", "203.0.113.9", "::1"},
      {"::1", "::1", "::2"},
      {"::/0", "2001:db8::1", "10.0.0.1"},
      {"2001:db8::/33", "2001:db8:7fff::1", "2001:db8:8000::1"},
      {"fe80::/10", "febf::1", "fec0::1"},
      {"::ffff:192.0.2.7", "192.0.2.7", "192.0.2.8"},
  }));
  CAPTURE(row.network);
  const auto network = IpNetwork::parse(row.network);
  REQUIRE(network);
  CHECK(network->contains(*parse_address(row.inside)));
  CHECK_FALSE(network->contains(*parse_address(row.outside)));
}

TEST_CASE("what is no network is none") {
  const std::string text =
      GENERATE("", "10", "10.0.0.1/8", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/ 8", "::1/129",
               "2001:db8::1/32", "localhost", "[::1]", "::1%lo", "10.0.0.0/8/8", "010.0.0.0/8", "1.2.3.4:80");
  CAPTURE(text);
  CHECK_FALSE(IpNetwork::parse(text));
  CHECK_FALSE(parse_networks("10.0.0.0/8," + text + ",::1"));
}

TEST_CASE("networks stand between commas, with blanks or without") {
  CHECK(parse_networks("")->empty());
  CHECK(parse_networks("  ")->empty());
  CHECK(parse_networks("10.0.0.0/8 , ::1,192.0.2.1")->size() == 3);
}

TEST_CASE("an IPv4 address within IPv6 is the IPv4 address") {
  CHECK(plain_address(*parse_address("::ffff:192.0.2.1")) == *parse_address("192.0.2.1"));
  CHECK(plain_address(*parse_address("2001:db8::1")) == *parse_address("2001:db8::1"));
}
