#include "http/limits/peers.hpp"

#include <catch2/catch.hpp>
#include <vector>

using namespace troupe::http;

TEST_CASE("a client has so many connections, and another when one has ended") {
  Peers peers(2, 0);
  auto first = peers.enter(1);
  auto second = peers.enter(1);
  REQUIRE(first);
  REQUIRE(second);
  CHECK_FALSE(peers.enter(1));
  CHECK(peers.enter(2));
  first.reset();
  CHECK(peers.enter(1));
}

TEST_CASE("clients are forgotten with their last connection") {
  Peers peers(3, 0);
  {
    std::vector<PeerSeat> seats;
    for (std::uint64_t client = 0; client < 100; ++client) {
      seats.push_back(*peers.enter(client));
      seats.push_back(*peers.enter(client));
    }
    CHECK(peers.size() == 100);
  }
  CHECK(peers.size() == 0);
}

TEST_CASE("what all connections of a client hold is limited together, but for one message") {
  Peers peers(0, 100);
  auto first = *peers.enter(1), second = *peers.enter(1), stranger = *peers.enter(2);
  CHECK(first.change(0, 500));
  CHECK_FALSE(second.has_room_for(1));
  CHECK_FALSE(second.change(0, 1));
  CHECK(stranger.change(0, 100));
  CHECK(first.change(500, 60));
  CHECK(second.has_room_for(40));
  CHECK_FALSE(second.has_room_for(41));
  CHECK(second.change(0, 40));
  CHECK_FALSE(second.change(40, 41));
  CHECK(first.change(60, 0));
  CHECK(second.change(40, 100));
  CHECK(second.change(100, 0));
}

TEST_CASE("no seat, and one without a limit, hold anything") {
  PeerSeat none;
  CHECK(none.change(0, 1 << 30));
  Peers peers(1, 0);
  auto seat = *peers.enter(1);
  CHECK(seat.change(0, 1 << 30));
  CHECK(seat.has_room_for(1 << 30));
}
