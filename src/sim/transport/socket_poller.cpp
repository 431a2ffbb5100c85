#include "sim/transport/socket_poller.hpp"

#include <sys/epoll.h>

#include <array>
#include <caf/send.hpp>
#include <cerrno>
#include <system_error>

namespace troupe::sim {

SocketPoller::SocketPoller(actors::Worker& worker) : worker_(worker) {
  const int descriptor = ::epoll_create1(EPOLL_CLOEXEC);
  if (descriptor < 0) throw std::system_error(errno, std::generic_category(), "epoll");
  epoll_ = actors::Descriptor(descriptor);
}

bool SocketPoller::add(int socket, Watch& watch) {
  if (!watch_) {
    watch_ = worker_.io().watch(epoll_.number(), *this);
    watch_->wait_readable();
  }
  epoll_event event{};
  event.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET;
  event.data.ptr = &watch;
  return ::epoll_ctl(epoll_.number(), EPOLL_CTL_ADD, socket, &event) == 0;
}

void SocketPoller::remove(int socket) {
  if (epoll_.is_open()) ::epoll_ctl(epoll_.number(), EPOLL_CTL_DEL, socket, nullptr);
}

void SocketPoller::close() {
  watch_.reset();
  epoll_.close();
}

void SocketPoller::on_ready(bool) {
  tell();
  watch_->wait_readable();
}

void SocketPoller::tell() {
  std::array<epoll_event, 256> events;
  int count = 0;
  do {
    count = ::epoll_wait(epoll_.number(), events.data(), static_cast<int>(events.size()), 0);
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
