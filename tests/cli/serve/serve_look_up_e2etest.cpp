// Host names that take their time, in a resolver of the test's own.

#include <boost/json/object.hpp>
#include <catch2/catch.hpp>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "helpers/items_client.hpp"
#include "helpers/processes.hpp"
#include "helpers/server_process.hpp"
#include "helpers/sql_session.hpp"

using namespace troupe::tests;
using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

namespace {

/// Notes each look-up of a name that ends with ".slow" beside itself, and takes three seconds to find
/// nothing.
constexpr auto resolver_source = R"(#define _GNU_SOURCE
#include <dlfcn.h>
#include <netdb.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

int getaddrinfo(const char* node, const char* service, const struct addrinfo* hints, struct addrinfo** result) {
  const size_t length = node ? strlen(node) : 0;
  if (length > 5 && strcmp(node + length - 5, ".slow") == 0) {
    FILE* note = fopen(NOTES, "a");
    if (note) {
      fputs("began\n", note);
      fclose(note);
    }
    sleep(3);
    return EAI_NONAME;
  }
  int (*next)(const char*, const char*, const struct addrinfo*, struct addrinfo**) =
      (int (*)(const char*, const char*, const struct addrinfo*, struct addrinfo**))dlsym(RTLD_NEXT, "getaddrinfo");
  return next(node, service, hints, result);
}
)";

/// A library that is preloaded, and what it has noted.
class SlowResolver {
 public:
  SlowResolver() {
    const auto source = folder_.path() / "resolver.c";
    std::ofstream(source) << resolver_source;
    const auto command =
        "cc -shared -fPIC -w -DNOTES='\"" + notes() + "\"' -o " + library() + " " + source.string() + " -ldl";
    std::ofstream(notes()).close();
    std::filesystem::permissions(notes(), std::filesystem::perms(0666));  // the server may give up root
    if (std::system(command.c_str()) != 0) throw std::runtime_error("the resolver cannot be compiled");
  }
  std::string library() const { return folder_.path() / "resolver.so"; }
  int look_ups() const {
    std::ifstream file(notes());
    int lines = 0;
    for (std::string line; std::getline(file, line);) ++lines;
    return lines;
  }

 private:
  std::string notes() const { return folder_.path() / "notes"; }

  TemporaryDirectory folder_;
};

std::chrono::milliseconds time_of_live(std::uint16_t port) {
  const auto start = Clock::now();
  CHECK(ItemsClient(port).get("/health/live").status() == 200);
  return std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - start);
}

}  // namespace

TEST_CASE("a name that takes long to look up keeps no request and no end of the process waiting", "[e2e]") {
  const SlowResolver resolver;
  ServerProcess other({"--pool-size", "1"});  // whose PostgreSQL is used
  auto conninfo = other.conninfo();
  conninfo.insert(conninfo.find(" port="), ",nowhere.slow");
  ServerProcess server({{"--pool-size", "2", "--workers", "1", "--database-url", url_of(conninfo)},
                        {{"LD_PRELOAD", resolver.library()}}});
  const pid_t postmaster = other.postmaster();
  other.crash();
  kill(postmaster, SIGKILL);
  // The connections are gone, and every attempt asks for the name again.
  for (int look_up = 1; look_up <= 2; ++look_up) {
    const auto before = resolver.look_ups();
    CHECK(eventually([&] { return resolver.look_ups() > before; }));
    for (int i = 0; i < 20; ++i) {
      CHECK(time_of_live(server.port()) < 500ms);
      std::this_thread::sleep_for(20ms);
    }
  }
  const auto told = Clock::now();
  CHECK(server.stop(SIGINT) == 0);
  CHECK(Clock::now() - told < 1s);
}
