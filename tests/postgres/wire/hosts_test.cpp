#include "postgres/wire/hosts.hpp"

#include <catch2/catch.hpp>
#include <cstdlib>
#include <fstream>

#include "helpers/folder.hpp"
#include "postgres/wire/connection.hpp"

using namespace troupe;
using namespace troupe::postgres;

namespace {

/// "host|hostaddr|port" of each.
std::vector<std::string> texts(const std::vector<Host>& hosts) {
  std::vector<std::string> texts;
  for (const auto& host : hosts) texts.push_back(host.host + "|" + host.hostaddr + "|" + host.port);
  return texts;
}

using Texts = std::vector<std::string>;

Error not_known(const std::string& name) {
  return {ErrorCode::unavailable, "no " + name};
}

/// What a look-up found in all of these tests.
AddressesByName found() {
  AddressesByName found;
  found.emplace("one", std::vector<std::string>{"10.0.0.1"});
  found.emplace("two", std::vector<std::string>{"10.0.0.2", "fe80::2"});
  found.emplace("bad", not_known("bad"));
  found.emplace("worse", not_known("worse"));
  return found;
}

}  // namespace

TEST_CASE("the servers of a connection string are those that libpq would try") {
  struct Case {
    std::string conninfo;
    Texts hosts;
  };
  const auto [conninfo, hosts] = GENERATE(values<Case>({
      {"host=a", {"a||5432"}},
      {"host=a port=7", {"a||7"}},
      {"host=a,b port=1,2", {"a||1", "b||2"}},
      {"host=a,b port=7", {"a||7", "b||7"}},
      {"host=a,,/tmp port=1,,3", {"a||1", "||", "/tmp||3"}},
      {"host=a,b hostaddr=1.1.1.1,", {"a|1.1.1.1|5432", "b||5432"}},
      {"hostaddr=1.1.1.1,::1", {"|1.1.1.1|5432", "|::1|5432"}},
      {"postgresql://u:p@a:1,[::1]:2,b/db", {"a||1", "::1||2", "b||"}},
      {"postgresql:///db?host=/tmp", {"/tmp||5432"}},
      {"", {"||5432"}},
      {"host=a,b port=1,2,3", {}},
      {"host=a,b hostaddr=1.1.1.1", {}},
      {"postgresql://[::1", {"||"}},
  }));
  CAPTURE(conninfo);
  CHECK(texts(hosts_of(conninfo)) == hosts);
}

TEST_CASE("servers come from the environment and from a service file, too") {
  const tests::Folder folder("hosts");
  const auto file = folder / "services";
  std::ofstream(file) << "[shop]\nhost=c,d\nport=8,9\n";
  setenv("PGSERVICEFILE", file.c_str(), 1);
  setenv("PGHOST", "a,b", 1);
  setenv("PGPORT", "1,2", 1);
  CHECK(texts(hosts_of("dbname=x")) == Texts{"a||1", "b||2"});
  CHECK(texts(hosts_of("service=shop")) == Texts{"c||8", "d||9"});
  CHECK(texts(hosts_of("service=shop host=e,f")) == Texts{"e||8", "f||9"});
  unsetenv("PGSERVICEFILE");
  unsetenv("PGHOST");
  unsetenv("PGPORT");
}

TEST_CASE("only names are looked up, each once") {
  const auto names = [](const std::string& host, const std::string& hostaddr) {
    return names_to_look_up(split_hosts(host, hostaddr, ""));
  };
  CHECK(names("a,b,a", "") == Texts{"a", "b"});
  CHECK(names("/tmp,@abstract,127.0.0.1,::1,fe80::1,", "").empty());
  CHECK(names("a,b", "1.1.1.1,") == Texts{"b"});
  CHECK(names("", "").empty());
  CHECK(names("localhost,1.2.3", "") == Texts{"localhost", "1.2.3"});
}

TEST_CASE("a host comes once for each of its addresses, and without one not at all") {
  struct Case {
    std::string host, hostaddr, port;
    std::string new_host, new_hostaddr, new_port, left_out;
  };
  const auto of = GENERATE(values<Case>({
      {"one", "", "5432", "one", "10.0.0.1", "5432", ""},
      {"two", "", "7", "two,two", "10.0.0.2,fe80::2", "7,7", ""},
      {"one,two", "", "1,2", "one,two,two", "10.0.0.1,10.0.0.2,fe80::2", "1,2,2", ""},
      {"one,/tmp", "", "1,2", "one,/tmp", "10.0.0.1,", "1,2", ""},
      {"1.1.1.1,one", "", "7", "1.1.1.1,one", ",10.0.0.1", "7,7", ""},
      {"one,x", ",1.1.1.1", "7", "one,x", "10.0.0.1,1.1.1.1", "7,7", ""},
      {"bad,one", "", "1,2", "one", "10.0.0.1", "2", "no bad"},
      {"bad,one,worse,bad", "", "7", "one", "10.0.0.1", "7", "no bad; no worse"},
      // Of one host no option may be empty: that would leave the list as it was.
      {"/tmp,bad", "", "1,2", "/tmp,/tmp", ",", "1,1", "no bad"},
      {",bad", "", ",2", ",", ",", ",", "no bad"},
      {"one,slow", "", "1,2", "one", "10.0.0.1", "1",
       "could not translate host name \"slow\" to address: the resolver has not answered yet"},
  }));
  CAPTURE(of.host, of.hostaddr, of.port);
  const auto options = with_addresses(split_hosts(of.host, of.hostaddr, of.port), found());
  REQUIRE(options.has_value());
  CHECK(options->host == of.new_host);
  CHECK(options->hostaddr == of.new_hostaddr);
  CHECK(options->port == of.new_port);
  CHECK(options->left_out == of.left_out);
}

TEST_CASE("without any address there is nothing to connect to, and every reason is told") {
  const auto options = with_addresses(split_hosts("bad,worse,bad", "", ""), found());
  REQUIRE(options.has_error());
  CHECK(options.error().code == ErrorCode::unavailable);
  CHECK(options.error().message == "no bad; no worse");
}

TEST_CASE("a connection is made to the addresses that were found, whatever the connection string says") {
  const auto [conninfo, hosts] = GENERATE(values<std::pair<std::string, HostOptions>>({
      {"host=bad,one port=1,2 user=u", {"one", "127.0.0.1", "2", "no bad"}},
      {"postgresql://u@bad,one:2/db", {"one,one", "127.0.0.1,127.0.0.1", "2,2", "no bad"}},
      {"host=bad,bad hostaddr=,127.0.0.9 user=u", {"bad", "127.0.0.1", "2", "no bad"}},
  }));
  CAPTURE(conninfo);
  auto connection = Connection::start(conninfo, hosts);
  REQUIRE(connection.has_value());
  auto waits = connection->poll();
  while (waits.has_value() && *waits != Connection::Waits::nothing) waits = connection->poll();
  REQUIRE(waits.has_error());
  CHECK_THAT(waits.error().message, Catch::Contains("127.0.0.1") && Catch::Contains("port 2") &&
                                        Catch::EndsWith("; no bad") && !Catch::Contains("translate"));
}
