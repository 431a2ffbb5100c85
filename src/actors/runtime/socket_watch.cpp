#include "actors/runtime/socket_watch.hpp"

#include <fcntl.h>

#include <caf/send.hpp>
#include <cerrno>
#include <system_error>

namespace troupe::actors {

using boost::asio::posix::stream_descriptor;

void SocketWatch::assign(int socket, caf::actor owner, std::uint64_t generation) {
  release();
  const int own = fcntl(socket, F_DUPFD_CLOEXEC, 0);
  if (own < 0) throw std::system_error(errno, std::generic_category(), "cannot watch a socket");
  descriptor_.assign(own);
  owner_ = std::move(owner);
  generation_ = generation;
}

void SocketWatch::release() {
  boost::system::error_code ignored;
  descriptor_.close(ignored);  // cancels the waits
  owner_ = nullptr;
  reading_ = writing_ = false;
}

void SocketWatch::wait_readable() {
  wait(reading_, false);
}

void SocketWatch::wait_writable() {
  wait(writing_, true);
}

void SocketWatch::wait(bool& waiting, bool write) {
  if (waiting) return;
  waiting = true;
  descriptor_.async_wait(
      write ? stream_descriptor::wait_write : stream_descriptor::wait_read,
      [owner = owner_, ready = SocketReady{generation_, write}](boost::system::error_code ec) {
        // An error but abort is for the owner to find when it uses the socket.
        if (ec != boost::asio::error::operation_aborted) caf::anon_send(owner, ready);
      });
}

bool SocketWatch::accept(const SocketReady& ready) {
  if (!descriptor_.is_open() || ready.generation != generation_) return false;
  (ready.writable ? writing_ : reading_) = false;
  return true;
}

}  // namespace troupe::actors
