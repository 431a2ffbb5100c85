#include "support/notify_manager.hpp"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <catch2/catch.hpp>
#include <cstddef>
#include <cstdlib>
#include <string>

#include "helpers/folder.hpp"

using namespace troupe;

namespace {

/// Who starts services, as far as they know it: a socket that datagrams come to.
class Manager {
 public:
  explicit Manager(std::string name) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::ranges::copy(name, address.sun_path);
    if (name.front() == '@') address.sun_path[0] = '\0';
    const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + name.size());
    REQUIRE(::bind(socket_, reinterpret_cast<const sockaddr*>(&address), size) == 0);
    ::setenv("NOTIFY_SOCKET", name.c_str(), 1);
  }
  ~Manager() {
    ::close(socket_);
    ::unsetenv("NOTIFY_SOCKET");
  }

  /// The next thing that was told; empty: nothing was.
  std::string told() {
    std::array<char, 100> text{};
    const auto size = ::recv(socket_, text.data(), text.size(), MSG_DONTWAIT);
    return size < 0 ? "" : std::string(text.data(), static_cast<std::size_t>(size));
  }

 private:
  int socket_ = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
};

}  // namespace

TEST_CASE("the manager is told that the service is ready and that it stops", "[notify_manager]") {
  const tests::Folder folder("notify_manager");
  const bool is_file = GENERATE(true, false);
  const auto name =
      is_file ? (folder.path() / "socket").string() : "@troupe_notify_manager_" + std::to_string(::getpid());
  Manager manager(name);
  const NotifyManager notify;
  CHECK(std::getenv("NOTIFY_SOCKET") == nullptr);  // what is started later has nothing to tell
  CHECK(manager.told().empty());
  notify.ready();
  CHECK(manager.told() == "READY=1");
  notify.stopping();
  CHECK(manager.told() == "STOPPING=1");
  CHECK(manager.told().empty());
}

TEST_CASE("a manager that cannot be told does no harm, and neither does none", "[notify_manager]") {
  const auto name = GENERATE(values<std::string>({"", "relative", "/nowhere/at/all", std::string(500, '/')}));
  ::setenv("NOTIFY_SOCKET", name.c_str(), 1);
  const NotifyManager notify;
  CHECK_NOTHROW(notify.ready());
}
