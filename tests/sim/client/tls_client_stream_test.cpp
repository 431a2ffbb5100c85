#include "sim/client/tls_client_stream.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <catch2/catch.hpp>

#include "helpers/io_modes.hpp"
#include "helpers/tls_server.hpp"
#include "sim/client/http_connection.hpp"
#include "sim/client/probe.hpp"

using namespace troupe;
using namespace troupe::sim;
using tests::TestAuthority;
using tests::TlsServer;
using namespace std::chrono_literals;

namespace {

const std::string get = "GET / HTTP/1.1\r\nHost: test\r\n\r\n";
const std::string ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
const std::string last_answer = "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok";
const std::string until_close = "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nok";

const TestAuthority& authority() {
  static const TestAuthority one("tls_stream");
  return one;
}

Origin origin_at(unsigned short port, const TlsOptions& options, const std::string& host = "localhost") {
  const boost::asio::ip::tcp::endpoint address(boost::asio::ip::address_v4::loopback(), port);
  return {{address}, host, TlsContext::make(options).value()};
}

/// A client whose engine a test turns.
class Client final : private HttpConnectionUser {
 public:
  Client(IoMode mode, const Origin& origin)
      : io_(actors::make_io_engine(mode)),
        place_{*io_, [](Duration, const std::function<void()>&) {},
               [this] { return TimePoint{} + 1ms * ++looks_; }},
        origin_(origin),
        connection(
            std::make_shared<HttpConnection>(place_, origin_, 0, static_cast<HttpConnectionUser&>(*this))) {}
  ~Client() {
    connection->close();
    turn();
    turn();
  }
  bool ask(std::string_view request) {
    answered_ = false;
    connection->send({.bytes = request, .idempotent = true, .wanted = {.body = true}});
    for (int i = 0; i < 1'000 && !answered_; ++i) turn();
    return answered_ && connection->outcome() == CallOutcome::ok;
  }

 private:
  void turn() {
    io_->wait(5ms);
    io_->dispatch();
  }
  void on_answered() override { answered_ = true; }

  std::unique_ptr<actors::IoEngine> io_;
  ConnectionPlace place_;
  LiveOrigin origin_;
  bool answered_ = false;
  int looks_ = 0;  ///< at the clock, which goes on by a millisecond each time

 public:
  std::shared_ptr<HttpConnection> connection;
};

}  // namespace

TEST_CASE("https carries request after request on one connection, and large bodies both ways") {
  const auto mode = GENERATE(from_range(tests::io_modes()));
  const std::string body(1'000'000, 'z');
  const bool large = GENERATE(false, true);
  TlsServer server(authority().certify("DNS:localhost"),
                   large ? "HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n" + body : ok);
  const auto origin = origin_at(server.port(), {.ca_file = authority().file()});
  Client client(mode, origin);
  const auto request = large ? "PUT / HTTP/1.1\r\nHost: test\r\nContent-Length: 1000000\r\n\r\n" + body : get;
  for (int i = 1; i <= 3; ++i) {
    CAPTURE(client.connection->message());
    REQUIRE(client.ask(request));
    CHECK(client.connection->response().body() == (large ? body : "ok"));
    CHECK(server.requests == i);
    // The handshake is a stage of the request that opened the connection.
    CHECK(client.connection->times().connect == (i == 1 ? 1ms : 0ms));
    CHECK(client.connection->times().tls == Duration(i == 1 ? 1ms : 0ms));
  }
  CHECK(server.received == 3 * request.size());
  CHECK(origin.tls->handshakes() == 1);
}

TEST_CASE("a certificate that is not to be trusted ends a connection with one line, unless any is taken") {
  struct Row {
    const char* names;
    long days;
    bool known;
    const char* host;
    const char* why;  ///< empty: it is trusted
  };
  const auto row = GENERATE(values<Row>({
      {"DNS:localhost,IP:127.0.0.1", 1, true, "localhost", ""},
      {"DNS:localhost,IP:127.0.0.1", 1, true, "127.0.0.1", ""},
      {"DNS:*.app.test", 1, true, "one.app.test", ""},
      {"DNS:localhost", 1, true, "other.test", "of other.test is not accepted: hostname mismatch"},
      {"DNS:localhost", 1, true, "127.0.0.1", "of 127.0.0.1 is not accepted: IP address mismatch"},
      {"DNS:localhost", -2, true, "localhost", "is not accepted: certificate has expired"},
      {"DNS:localhost", 1, false, "localhost", "is not accepted: unable to get local issuer certificate"},
  }));
  CAPTURE(row.names, row.host, row.why);
  TlsServer server(authority().certify(row.names, row.days), ok);
  const TlsOptions trusting{.ca_file = row.known ? authority().file() : ""};
  const auto strict = probe(origin_at(server.port(), trusting, row.host), get, 5s);
  if (*row.why == '\0') {
    CHECK(strict.has_value());
  } else {
    REQUIRE_FALSE(strict.has_value());
    CHECK_THAT(strict.error().message, Catch::Contains(row.why) && Catch::Contains("--insecure"));
  }
  CHECK(probe(origin_at(server.port(), {.verify = false}, row.host), get, 5s).has_value());
}

TEST_CASE("a user's second connection goes on with the session of the first") {
  const auto mode = GENERATE(from_range(tests::io_modes()));
  TlsServer server(authority().certify("DNS:localhost"), last_answer);
  const auto origin = origin_at(server.port(), {.ca_file = authority().file()});
  Client client(mode, origin);
  for (int i = 0; i < 3; ++i) REQUIRE(client.ask(get));
  CHECK(origin.tls->handshakes() == 3);
  CHECK(origin.tls->resumed() == 2);
}

TEST_CASE("a body that ends with the connection is whole only after TLS's farewell") {
  const auto mode = GENERATE(from_range(tests::io_modes()));
  const bool properly = GENERATE(true, false);
  TlsServer server(authority().certify("DNS:localhost"), until_close, properly);
  const auto origin = origin_at(server.port(), {.ca_file = authority().file()});
  Client client(mode, origin);
  CHECK(client.ask(get) == properly);
  if (!properly) CHECK(client.connection->message() == "the connection ended without TLS's farewell");
}

TEST_CASE("a file that holds no certificates is named") {
  const auto made = TlsContext::make({.ca_file = "/dev/null"});
  REQUIRE_FALSE(made.has_value());
  CHECK(made.error().message ==
        "cannot read certificates from /dev/null (--cacert wants a file in PEM format)");
}
