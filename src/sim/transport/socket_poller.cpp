#include "sim/transport/socket_poller.hpp"

#include <sys/epoll.h>

#include <array>
#include <caf/send.hpp>
#include <cerrno>
#include <system_error>
#include <utility>

namespace troupe::sim {

SocketPoller::SocketPoller(boost::asio::io_context& io) : epoll_(io) {
  const int descriptor = ::epoll_create1(EPOLL_CLOEXEC);
  if (descriptor < 0) throw std::system_error(errno, std::generic_category(), "epoll");
  epoll_.assign(descriptor);
}

bool SocketPoller::add(int socket, Watch& watch) {
  if (!std::exchange(waiting_, true)) wait();
  epoll_event event{};
  event.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET;
  event.data.ptr = &watch;
  return ::epoll_ctl(epoll_.native_handle(), EPOLL_CTL_ADD, socket, &event) == 0;
}

void SocketPoller::remove(int socket) {
  if (epoll_.is_open()) ::epoll_ctl(epoll_.native_handle(), EPOLL_CTL_DEL, socket, nullptr);
}

void SocketPoller::close() {
  epoll_.close();
}

void SocketPoller::wait() {
  epoll_.async_wait(boost::asio::posix::stream_descriptor::wait_read, [this](boost::system::error_code ec) {
    if (ec) return;
    tell();
    wait();
  });
}

void SocketPoller::tell() {
  std::array<epoll_event, 256> events;
  int count = 0;
  do {
    count = ::epoll_wait(epoll_.native_handle(), events.data(), static_cast<int>(events.size()), 0);
    // Only messages are sent here, so no watch goes away meanwhile.
    for (int i = 0; i < count; ++i) {
      const auto bits = events[static_cast<std::size_t>(i)].events;
      const auto& watch = *static_cast<const Watch*>(events[static_cast<std::size_t>(i)].data.ptr);
      const bool broken = (bits & (EPOLLERR | EPOLLHUP)) != 0;
      const LinkReady ready{watch.generation, broken || (bits & (EPOLLIN | EPOLLRDHUP)) != 0,
                            watch.wants_writable && (broken || (bits & EPOLLOUT) != 0),
                            (bits & (EPOLLRDHUP | EPOLLHUP)) != 0};
      if (ready.readable || ready.writable) caf::anon_send(watch.owner, ready);
    }
  } while (count == static_cast<int>(events.size()));
}

}  // namespace troupe::sim
