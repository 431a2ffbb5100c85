#include "sim/client/http_connection.hpp"

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <algorithm>
#include <array>
#include <boost/asio/local/stream_protocol.hpp>
#include <catch2/catch.hpp>
#include <cerrno>
#include <cstring>

#include "helpers/folder.hpp"
#include "helpers/http_answers.hpp"
#include "helpers/io_modes.hpp"

using namespace troupe;
using namespace troupe::sim;
using actors::Descriptor;
using tests::HttpAnswer;
using namespace std::chrono_literals;

namespace {

const std::string get_bytes = "GET / HTTP/1.1\r\nHost: test\r\n\r\n";
const std::string ok_answer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

/// A client and its server in one thread: a test turns the engine by hand. Over a UNIX socket, which takes no
/// ports.
class Pair final : private HttpConnectionUser {
 public:
  explicit Pair(IoMode mode)
      : folder_("http_connection"),
        io_(actors::make_io_engine(mode)),
        place_{*io_, [](Duration, const std::function<void()>&) {},
               [this] { return TimePoint{} + 1ms * ++looks; }} {
    const auto path = folder_.path() / "s";
    const boost::asio::local::stream_protocol::endpoint address(path.string());
    listener_ = Descriptor(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    REQUIRE(::bind(listener_.number(), address.data(), static_cast<socklen_t>(address.size())) == 0);
    REQUIRE(::listen(listener_.number(), 64) == 0);
    origin_.emplace(Origin{.addresses = {address}});
    connect_anew();
  }
  ~Pair() {
    connection->close();
    turn();
    turn();
  }

  void connect_anew() {
    if (connection) connection->close();
    connection =
        std::make_shared<HttpConnection>(place_, *origin_, 0, static_cast<HttpConnectionUser&>(*this));
  }
  /// Nothing of the request has to have left yet.
  void ask(const HttpConnection::Request& request) {
    answers = 0;
    connection->send(request);
    turn();
  }
  void turn() {
    io_->wait({});
    io_->dispatch();
  }
  template <class Condition>
  bool turn_until(Condition holds) {
    for (int i = 0; i < 2'000; ++i) {
      if (holds()) return true;
      io_->wait(1ms);
      io_->dispatch();
    }
    return false;
  }
  bool turn_until_answered() {
    return turn_until([this] { return answers != 0; });
  }
  /// Did the client come for a connection?
  bool is_called() const {
    pollfd listening{listener_.number(), POLLIN, 0};
    return ::poll(&listening, 1, 0) == 1;
  }
  /// The server's end of the client's next connection.
  Descriptor accept() {
    REQUIRE(turn_until([this] { return is_called(); }));
    Descriptor accepted(::accept4(listener_.number(), nullptr, nullptr, SOCK_CLOEXEC));
    const timeval patience{5, 0};
    ::setsockopt(accepted.number(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    return accepted;
  }
  /// What has come there by now, and at least a byte.
  std::string receive(const Descriptor& socket) {
    std::array<char, 4096> buffer;
    ssize_t count = -1;
    REQUIRE(turn_until([&] {
      count = ::recv(socket.number(), buffer.data(), buffer.size(), MSG_DONTWAIT);
      return count >= 0;
    }));
    return {buffer.data(), static_cast<std::size_t>(count)};
  }
  void send(const Descriptor& socket, std::string_view bytes) {
    while (!bytes.empty()) {
      const auto count = ::send(socket.number(), bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
      if (count > 0) bytes.remove_prefix(static_cast<std::size_t>(count));
      if (count < 0 && errno != EAGAIN) return;  // the client has left, for it knows enough
      if (count < 0) turn();
    }
  }

  std::shared_ptr<HttpConnection> connection;
  int answers = 0;
  int looks = 0;  ///< at the clock, which goes on by a millisecond each time

 private:
  void on_answered() override { ++answers; }

  tests::Folder folder_;
  std::unique_ptr<actors::IoEngine> io_;
  ConnectionPlace place_;
  std::optional<LiveOrigin> origin_;
  Descriptor listener_;
};

HttpConnection::Request request_for(const HttpAnswer& answer) {
  const bool head = std::strcmp(answer.method, "HEAD") == 0;
  return {.bytes = get_bytes, .is_head = head, .idempotent = true, .wanted = {.body = true}};
}

/// The answer, in two pieces of which the client has read the first when the second is sent.
void exchange(Pair& pair, const HttpAnswer& answer, std::size_t split) {
  pair.connect_anew();
  pair.ask(request_for(answer));
  auto server = pair.accept();
  pair.receive(server);
  const std::string_view bytes = answer.bytes;
  pair.send(server, bytes.substr(0, split));
  if (split != 0) REQUIRE(pair.turn_until([&] { return pair.connection->response().got_some(); }));
  pair.send(server, bytes.substr(split));
  if (answer.closes) server.close();
  REQUIRE(pair.turn_until_answered());
  CHECK(pair.answers == 1);
  const auto& connection = *pair.connection;
  if (answer.status == 0) {
    CHECK(connection.outcome() == (answer.closes ? CallOutcome::connection : CallOutcome::protocol));
    CHECK_THAT(connection.message(), Catch::Contains(answer.body));
  } else {
    CHECK(connection.outcome() == CallOutcome::ok);
    CHECK(pair.connection->response().head().status == answer.status);
    CHECK(pair.connection->response().body() == answer.body);
  }
  if (split != 0) return;
  // The next request tells whether the connection was kept.
  pair.ask({.bytes = get_bytes});
  pair.turn();
  CHECK(pair.is_called() != answer.keeps);
  if (pair.is_called()) pair.accept();
}

}  // namespace

TEST_CASE("a client makes of every answer what it must, wherever its bytes are split") {
  Pair pair(GENERATE(from_range(tests::io_modes())));
  for (const auto& answer : tests::http_answers()) {
    CAPTURE(answer.what);
    const auto size = answer.bytes.size();
    for (std::size_t split = 0; split < std::max<std::size_t>(size, 1); ++split) {
      if (split > 150 && split + 20 < size) continue;  // the middle of a long one is all alike
      CAPTURE(split);
      exchange(pair, answer, split);
    }
  }
}

TEST_CASE("a connection that the server closed while it was idle costs no request") {
  Pair pair(GENERATE(from_range(tests::io_modes())));
  // Seen in time, or only when the next request is on its way: then it is sent again, if it may be.
  const bool seen = GENERATE(true, false);
  const bool idempotent = GENERATE(true, false);
  pair.ask({.bytes = get_bytes, .idempotent = idempotent});
  auto server = pair.accept();
  pair.receive(server);
  pair.send(server, ok_answer);
  REQUIRE(pair.turn_until_answered());
  if (seen) {
    server.close();
    for (int i = 0; i < 20; ++i) pair.turn();
    pair.ask({.bytes = get_bytes, .idempotent = idempotent});
  } else {
    pair.ask({.bytes = get_bytes, .idempotent = idempotent});
    CHECK(pair.receive(server) == get_bytes);
    server.close();
  }
  if (!seen && !idempotent) {
    REQUIRE(pair.turn_until_answered());
    CHECK(pair.connection->outcome() == CallOutcome::connection);
    CHECK_FALSE(pair.is_called());
    return;
  }
  server = pair.accept();
  CHECK(pair.receive(server) == get_bytes);
  pair.send(server, ok_answer);
  REQUIRE(pair.turn_until_answered());
  CHECK(pair.connection->outcome() == CallOutcome::ok);
}

TEST_CASE("a request is sent once more and not for ever, and not when an answer has begun") {
  Pair pair(GENERATE(from_range(tests::io_modes())));
  const bool begun = GENERATE(true, false);
  pair.ask({.bytes = get_bytes, .idempotent = true});
  auto server = pair.accept();
  pair.receive(server);
  pair.send(server, ok_answer);
  REQUIRE(pair.turn_until_answered());
  pair.ask({.bytes = get_bytes, .idempotent = true});
  pair.receive(server);
  if (begun) {
    pair.send(server, "H");
    REQUIRE(pair.turn_until([&] { return pair.connection->response().got_some(); }));
    server.close();
  } else {
    server.close();
    server = pair.accept();
    pair.receive(server);
    server.close();
  }
  REQUIRE(pair.turn_until_answered());
  CHECK(pair.connection->outcome() == CallOutcome::connection);
  CHECK(pair.connection->message() == "closed by the server before its answer was whole");
  CHECK_FALSE(pair.is_called());
}

TEST_CASE("an answer to half a request counts, and ends the connection") {
  Pair pair(GENERATE(from_range(tests::io_modes())));
  const std::string large =
      "POST / HTTP/1.1\r\nHost: test\r\nContent-Length: 9000000\r\n\r\n" + std::string(9'000'000, 'x');
  pair.ask({.bytes = large});
  auto server = pair.accept();
  pair.receive(server);
  pair.send(server, "HTTP/1.1 413 Content Too Large\r\nContent-Length: 0\r\n\r\n");
  REQUIRE(pair.turn_until_answered());
  CHECK(pair.connection->outcome() == CallOutcome::ok);
  CHECK(pair.connection->response().head().status == 413);
  pair.ask({.bytes = get_bytes});
  pair.accept();
}

TEST_CASE("a large request and a large answer pass whole") {
  Pair pair(GENERATE(from_range(tests::io_modes())));
  const std::string body(3'000'000, 'y');
  const std::string large = "POST / HTTP/1.1\r\nHost: test\r\nContent-Length: 3000000\r\n\r\n" + body;
  pair.ask({.bytes = large, .wanted = {.body = true}});
  auto server = pair.accept();
  std::size_t got = 0;
  while (got < large.size()) got += pair.receive(server).size();
  CHECK(got == large.size());
  pair.send(server, "HTTP/1.1 200 OK\r\nContent-Length: 3000000\r\n\r\n" + body);
  REQUIRE(pair.turn_until_answered());
  CHECK(pair.connection->response().body_bytes() == 3'000'000);
  CHECK(pair.connection->response().body_is_cut());
}

TEST_CASE("a request without bytes only opens the connection, which the next one uses") {
  Pair pair(GENERATE(from_range(tests::io_modes())));
  pair.ask({});
  REQUIRE(pair.turn_until_answered());
  CHECK(pair.connection->outcome() == CallOutcome::ok);
  auto server = pair.accept();
  pair.ask({.bytes = get_bytes});
  CHECK(pair.receive(server) == get_bytes);
  CHECK_FALSE(pair.is_called());
}

TEST_CASE("a clock is asked about a connection, and about an answer that comes in pieces, and else never") {
  Pair pair(GENERATE(from_range(tests::io_modes())));
  pair.ask({.bytes = get_bytes});
  auto server = pair.accept();
  pair.receive(server);
  CHECK(pair.connection->times().connect == 1ms);
  CHECK_FALSE(pair.connection->times().tls);
  pair.send(server, ok_answer);
  REQUIRE(pair.turn_until_answered());
  CHECK(pair.connection->times().first_byte == TimePoint{});
  CHECK(pair.looks == 2);

  pair.ask({.bytes = get_bytes});
  pair.receive(server);
  pair.send(server, ok_answer.substr(0, 10));
  REQUIRE(pair.turn_until([&] { return pair.connection->response().got_some(); }));
  pair.send(server, ok_answer.substr(10, 10));
  for (int i = 0; i < 20; ++i) pair.turn();
  pair.send(server, ok_answer.substr(20));
  REQUIRE(pair.turn_until_answered());
  CHECK(pair.connection->times().connect == 0ms);
  CHECK(pair.connection->times().first_byte == TimePoint{3ms});
  CHECK(pair.looks == 3);
}

TEST_CASE("connections beyond one loopback address's ports come from the next address") {
  const auto loopback = boost::asio::ip::make_address("127.0.0.1");
  CHECK_FALSE(source_for(loopback, 24'999));
  CHECK(source_for(loopback, 25'000)->to_string() == "127.0.0.2");
  CHECK(source_for(loopback, 99'999)->to_string() == "127.0.0.4");
  CHECK_FALSE(source_for(boost::asio::ip::make_address("10.0.0.1"), 99'999));
  CHECK_FALSE(source_for(boost::asio::ip::make_address("::1"), 99'999));
}
