#include "http/tls/server_tls.hpp"

#include <catch2/catch.hpp>
#include <chrono>
#include <filesystem>

#include "helpers/tls_server.hpp"

using namespace troupe;
using namespace std::chrono_literals;

TEST_CASE("Without a certificate a server speaks no TLS") {
  const auto tls = http::ServerTls::make({}, "127.0.0.1");
  REQUIRE(tls.has_value());
  CHECK(tls->get() == nullptr);
}

TEST_CASE("A self-signed certificate is another one each time, and good for about 30 days") {
  const auto host = GENERATE("127.0.0.1", "::1", "shop.example", "DNS:evil,IP:1.2.3.4");
  TlsSettings settings;
  settings.mode = TlsMode::self_signed;
  const auto one = http::ServerTls::make(settings, host), other = http::ServerTls::make(settings, host);
  REQUIRE(one.has_value());
  REQUIRE(other.has_value());
  CHECK((*one)->fingerprint().size() == 32 * 3 - 1);
  CHECK((*one)->fingerprint() != (*other)->fingerprint());
  const auto left = (*one)->ends() - std::chrono::system_clock::now();
  CHECK(left > 29 * 24h);
  CHECK(left < 31 * 24h);
}

TEST_CASE("A certificate is read again, and stays when what is there is not good") {
  const tests::TestAuthority authority("server_tls");
  const auto certify = [&](long days) {
    return authority.write(authority.certify("DNS:localhost", days), "server");
  };
  const auto files = certify(1);
  TlsSettings settings;
  settings.certificate = files.certificate;
  settings.key = files.key;
  const auto made = http::ServerTls::make(settings, "127.0.0.1");
  REQUIRE(made.has_value());
  auto& tls = **made;
  const auto first = tls.ends();

  certify(2);
  CHECK(tls.renew(settings).has_value());
  CHECK(tls.ends() > first);
  const auto second = tls.fingerprint();

  tests::write_content(files.certificate, "no certificate");
  const auto refused = tls.renew(settings);
  REQUIRE(!refused.has_value());
  CHECK(refused.error().message ==
        "tls.certificate: cannot read " + files.certificate + ": it is not in PEM format");
  CHECK(tls.fingerprint() == second);
}
