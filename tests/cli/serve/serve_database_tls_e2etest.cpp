#include <sys/stat.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <string>

#include "helpers/free_port.hpp"
#include "helpers/http_client.hpp"
#include "helpers/own_postgres.hpp"
#include "helpers/server_process.hpp"
#include "helpers/sql_session.hpp"
#include "helpers/tls_server.hpp"

using namespace troupe::tests;
using Catch::Contains;
namespace fs = std::filesystem;

namespace {

/// A PostgreSQL that speaks TLS on 127.0.0.1, with a certificate for `name`.
class TlsPostgres {
 public:
  TlsPostgres(const TestAuthority& authority, const std::string& name) : port_(free_port()) {
    const auto files = authority.write(authority.certify("DNS:" + name), name);
    const auto certificate = postgres_.directory() + "/server.pem",
               key = postgres_.directory() + "/server.key";
    fs::copy_file(files.certificate, certificate);
    fs::copy_file(files.key, key);
    give_to_postgres(certificate);
    give_to_postgres(key);
    postgres_.kill();
    postgres_.start({"ssl=on", "ssl_cert_file=" + certificate, "ssl_key_file=" + key,
                     "listen_addresses=127.0.0.1", "port=" + std::to_string(port_)});
    wait_until("PostgreSQL listens", [&] {
      try {
        return SqlSession(conninfo()).value("SHOW ssl") == "on";
      } catch (const std::exception&) {
        return false;
      }
    });
  }

  /// `host` is what the certificate must be for; the address is given beside it.
  std::string url(const std::string& host, const std::string& parameters) const {
    return "postgresql://postgres@" + host + ":" + std::to_string(port_) + "/postgres?hostaddr=127.0.0.1&" +
           parameters;
  }
  std::string conninfo() const {
    return "host=" + postgres_.directory() + " port=" + std::to_string(port_) +
           " user=postgres dbname=postgres";
  }

 private:
  /// It refuses a key that others may read, or that is another's.
  void give_to_postgres(const std::string& file) const {
    struct stat data {};
    REQUIRE(::stat((postgres_.directory() + "/data").c_str(), &data) == 0);
    REQUIRE(::chown(file.c_str(), data.st_uid, data.st_gid) == 0);
    REQUIRE(::chmod(file.c_str(), 0600) == 0);
  }

  OwnPostgres postgres_;
  std::uint16_t port_;
};

}  // namespace

TEST_CASE("The server speaks TLS to a PostgreSQL whose certificate it can verify in full", "[e2e]") {
  const TestAuthority authority("database_tls");
  const TlsPostgres postgres(authority, "db.test");
  ServerProcess server(
      {"--database-url", postgres.url("db.test", "sslmode=verify-full&sslrootcert=" + authority.file())});
  HttpClient client(server.port());
  CHECK(client.ask("GET", "/items/").status == 200);
  SqlSession sql(postgres.conninfo());
  const auto encrypted =
      "SELECT bool_and(ssl) AND count(*) > 0 FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) "
      "WHERE client_addr IS NOT NULL";
  CHECK(sql.value(encrypted) == "t");
}

TEST_CASE("A PostgreSQL whose certificate is not as asked for is not used, and the line says why", "[e2e]") {
  const TestAuthority authority("database_tls"), stranger("database_stranger");
  const TlsPostgres postgres(authority, "db.test");
  struct Row {
    const char* host;
    const TestAuthority& trusted;
    const char* why;
  };
  const Row rows[] = {
      {"db.test", stranger, "certificate verify failed"},
      {"other.test", authority, "does not match host name \"other.test\""},
  };
  for (const auto& row : rows) {
    const auto url = postgres.url(row.host, "sslmode=verify-full&sslrootcert=" + row.trusted.file());
    const auto ended = run_troupe({{"serve", "--port", "0", "--database-url", url}});
    INFO(ended.err);
    CHECK(ended.code == 3);
    CHECK_THAT(ended.err, Contains(row.why));
  }
}
