#include <openssl/x509.h>

#include <catch2/catch.hpp>
#include <csignal>
#include <filesystem>
#include <string>
#include <vector>

#include "helpers/http_client.hpp"
#include "helpers/server_process.hpp"
#include "helpers/tls_connection.hpp"
#include "helpers/tls_server.hpp"

using namespace troupe::tests;
using namespace std::chrono_literals;
using Catch::Contains;

namespace {

struct Certified {
  TestAuthority authority{"serve_tls"};
  TestAuthority::Files files = authority.write(authority.certify("DNS:localhost,IP:127.0.0.1"), "server");

  std::vector<std::string> flags() const {
    return {"--tls-certificate", files.certificate, "--tls-key", files.key};
  }
  TlsConnection::Options trusting() const { return {.ca_file = authority.file()}; }
};

const auto ask_live = request_text("GET", "/health/live");

bool refuses(const std::vector<std::string>& flags, const std::string& why) {
  auto arguments = flags;
  arguments.insert(arguments.begin(), {"serve", "--port", "0"});
  const auto ended = run_troupe({arguments});
  INFO(ended.err);
  CHECK_THAT(ended.err, Contains(why));
  CHECK(ended.err.find('\n') == ended.err.size() - 1);
  return ended.code == 2;
}

}  // namespace

TEST_CASE("A server with a certificate is found good by who trusts its authority, over TLS 1.2 and 1.3",
          "[e2e]") {
  const Certified certified;
  ServerProcess server(certified.flags());
  CHECK_THAT(server.ready_line(), Contains("https://127.0.0.1:"));
  for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    for (const auto& io : {true, false}) {
      auto options = certified.trusting();
      options.most_version = version;
      TlsConnection client(server.port(), options);
      REQUIRE(client.fault().empty());
      CHECK(client.version() == (version == TLS1_2_VERSION ? "TLSv1.2" : "TLSv1.3"));
      CHECK_THAT(client.ask(ask_live), Contains("200 OK"));
      CHECK_THAT(client.ask(request_text("GET", io ? "/items/" : "/openapi.json")), Contains("200 OK"));
    }
  }
}

TEST_CASE("Bodies and answers of many records go through TLS whole, and pipelined requests in their order",
          "[e2e]") {
  const Certified certified;
  auto flags = certified.flags();
  const std::string io = GENERATE("epoll", "auto");
  flags.insert(flags.end(), {"--io", io});
  ServerProcess server(flags);
  TlsConnection client(server.port(), certified.trusting());
  REQUIRE(client.fault().empty());
  std::string many = "[";
  for (int i = 0; i < 500; ++i)
    many += std::string(i == 0 ? "" : ",") + R"({"name":"item )" + std::to_string(i) +
            R"(","description":")" + std::string(400, 'x') + R"(","price":1,"in_stock":true})";
  const auto made =
      client.ask(request_text("POST", "/items/", "Content-Type: application/json\r\n", many + "]"));
  CHECK_THAT(made, Contains("201 Created"));
  CHECK(made.size() > 200'000);
  CHECK_THAT(client.ask(request_text("GET", "/items/?limit=500")), Contains("item 499"));
  std::string pipeline;
  for (int i = 1; i <= 40; ++i) pipeline += request_text("GET", "/items/" + std::to_string(i));
  REQUIRE(client.send(pipeline));
  for (int i = 1; i <= 40; ++i) CHECK_THAT(client.read(), Contains("\"item " + std::to_string(i - 1) + "\""));
}

TEST_CASE("Old versions, weak ciphers and protocols that are not HTTP/1.1 find no server", "[e2e]") {
  const Certified certified;
  ServerProcess server(certified.flags());
  struct Row {
    const char* what;
    TlsConnection::Options options;
    const char* fault;
  };
  const Row rows[] = {
      {"TLS 1.1", {.most_version = TLS1_1_VERSION}, "protocol version"},
      {"CBC", {.most_version = TLS1_2_VERSION, .ciphers = "ECDHE-ECDSA-AES128-SHA256"}, "handshake failure"},
      {"no forward secrecy",
       {.most_version = TLS1_2_VERSION, .ciphers = "AES128-GCM-SHA256"},
       "handshake failure"},
      {"HTTP/2 alone", {.protocols = "\x02h2"}, "no application protocol"},
  };
  for (const auto& row : rows) {
    INFO(row.what);
    TlsConnection client(server.port(), row.options);
    CHECK_THAT(client.fault(), Contains(row.fault));
  }
  TlsConnection both(server.port(), {.protocols = "\x02h2\x08http/1.1"});
  CHECK(both.fault().empty());
  CHECK(both.protocol() == "http/1.1");
  HttpClient plain(server.port());  // TLS or not, it serves on
  plain.send("\x16\x03\x01garbage that is no handshake");
  CHECK(!plain.readable(0ms));
  CHECK_THAT(both.ask(ask_live), Contains("200 OK"));
}

TEST_CASE("A session goes on with a ticket, and the metrics tell full handshakes from resumed ones",
          "[e2e]") {
  const Certified certified;
  ServerProcess server(certified.flags());
  auto options = certified.trusting();
  options.most_version = GENERATE(TLS1_2_VERSION, TLS1_3_VERSION);
  {
    TlsConnection first(server.port(), options);
    CHECK_THAT(first.ask(ask_live), Contains("200 OK"));
    CHECK(!first.resumed());
    options.session = first.session();
  }
  TlsConnection second(server.port(), options);
  CHECK(second.resumed());
  const auto metrics = second.ask(request_text("GET", "/metrics"));
  CHECK_THAT(metrics, Contains("troupe_tls_handshakes_total{kind=\"full\"} 1"));
  CHECK_THAT(metrics, Contains("troupe_tls_handshakes_total{kind=\"resumed\"} 1"));
  CHECK_THAT(metrics, Contains("troupe_tls_certificate_end_seconds"));
}

TEST_CASE("An answer that ends its connection ends with TLS's farewell", "[e2e]") {
  const Certified certified;
  ServerProcess server(certified.flags());
  TlsConnection client(server.port(), certified.trusting());
  CHECK_THAT(client.ask(request_text("GET", "/health/live", "Connection: close\r\n")), Contains("200 OK"));
  CHECK(client.ends_properly());
}

TEST_CASE("Who speaks plain HTTP to a TLS port is told so in HTTP", "[e2e]") {
  ServerProcess server({"--tls", "self-signed"});
  HttpClient client(server.port());
  const auto answer = client.ask("GET", "/items/");
  CHECK(answer.status == 400);
  CHECK_THAT(answer.body, Contains("https://"));
  CHECK(client.closed_by_peer());
}

TEST_CASE("A self-signed server says its fingerprint and is reached by who does not look", "[e2e]") {
  ServerProcess server({"--tls", "self-signed"});
  CHECK_THAT(server.log(), Contains("SHA-256 fingerprint is "));
  TlsConnection client(server.port(), {});
  CHECK_THAT(client.ask(ask_live), Contains("200 OK"));
  CHECK_THAT(client.ask(request_text("GET", "/")), Contains("\"url\":\"https://") && !Contains("http://"));
  CHECK_THAT(client.ask(request_text("GET", "/items/", "Accept: text/html\r\n")),
             Contains("curl &#39;https://"));
}

TEST_CASE("SIGHUP changes the certificate for new connections and drops none", "[e2e]") {
  const Certified certified;
  ServerProcess server(certified.flags());
  TlsConnection old(server.port(), certified.trusting());
  REQUIRE(old.fault().empty());
  const auto again = [&] { return TlsConnection(server.port(), certified.trusting()).serial(); };
  certified.authority.write(certified.authority.certify("DNS:localhost"), "server");
  server.process().signal(SIGHUP);
  CHECK(eventually([&] { return again() != old.serial(); }));
  CHECK_THAT(old.ask(ask_live), Contains("200 OK"));

  const auto newest = again();
  std::filesystem::remove(certified.files.key);
  server.process().signal(SIGHUP);
  CHECK(eventually(
      [&] { return server.log().find("the old certificate stays: tls.key") != std::string::npos; }));
  CHECK(again() == newest);
  CHECK_THAT(old.ask(ask_live), Contains("200 OK"));
}

TEST_CASE("A handshake that does not come to a request is ended in time", "[e2e]") {
  const Certified certified;
  auto flags = certified.flags();
  flags.insert(flags.end(), {"--tls-handshake-timeout", "300ms"});
  ServerProcess server(flags);
  HttpClient silent(server.port()), half(server.port());
  half.send(std::string_view("\x16\x03\x01\x02\x00", 5));  // a record's head, and nothing behind it
  TlsConnection done(server.port(), certified.trusting());
  CHECK(silent.closed_by_peer(5s));
  CHECK(half.closed_by_peer(5s));
  CHECK(done.ends_properly());
}

TEST_CASE("A certificate or key that cannot be used is told in one line at the start", "[e2e]") {
  const Certified certified;
  const auto other = certified.authority.write(certified.authority.certify("DNS:localhost"), "other");
  const auto& [certificate, key] = certified.files;
  CHECK(refuses({"--tls-certificate", certificate}, "needs tls.key (--tls-key)"));
  CHECK(refuses({"--tls-key", key}, "needs tls.certificate (--tls-certificate)"));
  CHECK(refuses({"--tls-certificate", "/nowhere.pem", "--tls-key", key},
                "tls.certificate: cannot read /nowhere.pem: No such file or directory"));
  CHECK(refuses({"--tls-certificate", key, "--tls-key", key}, "it is not in PEM format"));
  CHECK(refuses({"--tls-certificate", certificate, "--tls-key", other.key}, "is not the key of"));
  CHECK(refuses({"--tls-certificate", certificate, "--tls-key", key, "--tls", "self-signed"},
                "leave one of them out"));
  CHECK(refuses({"--tls", "letsencrypt"}, "tls.mode must be"));
}
