#include "actors/runtime/socket_watch.hpp"

#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <caf/all.hpp>
#include <catch2/catch.hpp>
#include <chrono>
#include <optional>
#include <utility>

#include "helpers/io_modes.hpp"

using namespace troupe;
using namespace troupe::actors;
using namespace std::chrono_literals;

namespace {

/// Two connected sockets; whichever is still there is closed at the end.
struct SocketPair {
  SocketPair() { REQUIRE(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) == 0); }
  ~SocketPair() {
    for (const int end : ends) {
      if (end >= 0) close(end);
    }
  }
  /// Gives up the first end, for somebody else to close.
  int release() { return std::exchange(ends[0], -1); }
  void write_from_far() const { REQUIRE(write(ends[1], "x", 1) == 1); }

  std::array<int, 2> ends{-1, -1};
};

struct Fixture {
  explicit Fixture(IoMode io) : worker(0, io) { worker.start(); }
  ~Fixture() {
    watch.release();
    worker.stop();
  }

  /// The generation of the next message within a moment; nothing when none comes.
  std::optional<std::uint64_t> next_ready() {
    std::optional<std::uint64_t> generation;
    owner->receive([&](const SocketReady& ready) { generation = ready.generation; },
                   caf::after(100ms) >> [] {});
    return generation;
  }

  caf::actor_system_config config;
  caf::actor_system system{config};
  caf::scoped_actor owner{system};
  Worker worker;
  SocketWatch watch{worker};
};

}  // namespace

TEST_CASE("a watch tells its owner once that the socket is readable, and not any more when it is released") {
  Fixture fixture(GENERATE(from_range(tests::io_modes())));
  const SocketPair sockets;
  fixture.watch.assign(sockets.ends[0], caf::actor_cast<caf::actor>(fixture.owner), 7);
  fixture.watch.wait_readable();
  CHECK_FALSE(fixture.next_ready());
  sockets.write_from_far();
  CHECK(fixture.next_ready() == 7u);
  CHECK_FALSE(fixture.next_ready());

  CHECK(fixture.watch.accept({7, false}));
  CHECK_FALSE(fixture.watch.accept({6, false}));
  fixture.watch.wait_readable();
  CHECK(fixture.next_ready() == 7u);  // nobody has read it
  CHECK(fixture.watch.accept({7, false}));
  fixture.watch.release();
  CHECK_FALSE(fixture.next_ready());
  CHECK_FALSE(fixture.watch.accept({7, false}));
}

// libpq closes the socket of a broken connection itself, before anybody hears of it, and an accepted client
// may get its number at once.
TEST_CASE("releasing a watch leaves alone who got the number of its socket meanwhile") {
  Fixture fixture(GENERATE(from_range(tests::io_modes())));
  SocketPair broken, fresh;
  const int number = broken.ends[0];
  fixture.watch.assign(number, caf::actor_cast<caf::actor>(fixture.owner), 1);
  fixture.watch.wait_readable();
  REQUIRE(dup2(fresh.ends[0], number) == number);  // closes the one and puts the other into its place
  SocketWatch client(fixture.worker);
  client.assign(broken.release(), caf::actor_cast<caf::actor>(fixture.owner), 2);
  client.wait_readable();

  fixture.watch.release();
  fresh.write_from_far();
  CHECK(fixture.next_ready() == 2u);
  CHECK_FALSE(fixture.next_ready());
  client.release();
  close(number);
}
