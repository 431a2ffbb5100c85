#include "support/notify_manager.hpp"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstdlib>
#include <cstring>

#include "support/log_line.hpp"

namespace troupe {

NotifyManager::NotifyManager() {
  const char* const socket = std::getenv("NOTIFY_SOCKET");
  if (socket == nullptr) return;
  socket_ = socket;
  ::unsetenv("NOTIFY_SOCKET");
}

void NotifyManager::tell(std::string_view state) const {
  if (socket_.empty()) return;
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const bool known = socket_.front() == '/' || socket_.front() == '@';
  if (!known || socket_.size() >= sizeof(address.sun_path)) {
    log_warn("NOTIFY_SOCKET is no address of a socket: nobody is told {}", state);
    return;
  }
  std::ranges::copy(socket_, address.sun_path);
  if (socket_.front() == '@') address.sun_path[0] = '\0';
  const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + socket_.size());
  const int descriptor = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  const auto sent = descriptor < 0 ? -1
                                   : ::sendto(descriptor, state.data(), state.size(), MSG_NOSIGNAL,
                                              reinterpret_cast<const sockaddr*>(&address), size);
  if (sent < 0) log_warn("NOTIFY_SOCKET cannot be told {}: {}", state, std::strerror(errno));
  if (descriptor >= 0) ::close(descriptor);
}

}  // namespace troupe
